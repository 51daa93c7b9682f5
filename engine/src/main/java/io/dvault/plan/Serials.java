package io.dvault.plan;

/**
 * Serial numbers: the new epoch in the upper 43 bits, and from 1 the place of the entry among those that the commit
 * issues, in order of address, in the lower 20. So whoever recomputes a plan gets the same ones, no two entries of a
 * vault share one, and the number says which commit made it.
 */
public final class Serials {
  public static final int INDEX_BITS = 20;
  public static final int MOST_PER_COMMIT = (1 << INDEX_BITS) - 1;
  private static final long LAST_EPOCH = (1L << (63 - INDEX_BITS)) - 1;

  private Serials() {}

  /** @param index from 1 to {@link #MOST_PER_COMMIT} */
  public static long of(long epoch, int index) {
    if (epoch < 1 || epoch > LAST_EPOCH || index < 1 || index > MOST_PER_COMMIT) {
      throw new IllegalArgumentException("no serial for epoch " + epoch + ", index " + index);
    }
    return epoch << INDEX_BITS | index;
  }

  /** The epoch whose commit made the serial. */
  public static long epochOf(long serial) {
    return serial >>> INDEX_BITS;
  }
}
