package io.dvault.model;

/** The one alphabet of names in YAML: lower-case letters, digits, {@code -}, {@code .} and {@code _}, 1 to 63 long. */
public final class Names {
  public static final String PATTERN = "[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?";
  private static final int LONGEST = 63;

  private Names() {}

  /** Whether {@link #PATTERN} matches; asked for every name of a fleet several times, so not by a pattern. */
  public static boolean isName(String text) {
    int last = text.length() - 1;
    if (last < 0
        || last >= LONGEST
        || !isInner(text.charAt(0), false)
        || !isInner(text.charAt(last), false)) {
      return false;
    }
    for (int i = 1; i < last; i++) {
      if (!isInner(text.charAt(i), true)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isInner(char c, boolean marks) {
    return c >= 'a' && c <= 'z'
        || c >= '0' && c <= '9'
        || marks && (c == '-' || c == '.' || c == '_');
  }

  /** Returns {@code text} if it is a name, or throws IllegalArgumentException. */
  public static String require(String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException(
          "not a name: \"" + text + "\" (lower-case letters, digits, - . _; 63 at most)");
    }
    return text;
  }
}
