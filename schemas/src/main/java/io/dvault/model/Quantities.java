package io.dvault.model;

import java.util.Locale;

/** Small things about words on a screen. */
public final class Quantities {
  private Quantities() {}

  /** {@code 1 error}, {@code 1,200 errors}. */
  public static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** {@code 38,400}. */
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
