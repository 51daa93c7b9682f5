package io.dvault.spi;

/**
 * About how large what a kind issues is: for the cost that a plan tells, never for a limit.
 *
 * @param material bytes of dag-cbor inside the sealed bundle
 * @param part bytes of the public part
 */
public record TypicalSize(int material, int part) {
  /** Of a kind that does not say: a key pair. */
  public static final TypicalSize KEY_PAIR = new TypicalSize(600, 120);
}
