package io.dvault.dag;

/**
 * How much of a CAR is read before it is refused.
 *
 * @param maxBlocks most sections
 * @param maxBytes most bytes in all, header included
 */
public record CarLimits(long maxBlocks, long maxBytes) {
  /** For CARs that this machine wrote itself. */
  public static final CarLimits NONE = new CarLimits(Long.MAX_VALUE, Long.MAX_VALUE);
}
