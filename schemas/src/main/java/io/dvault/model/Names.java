package io.dvault.model;

import java.util.regex.Pattern;

/** The one alphabet of names in YAML: lower-case letters, digits, {@code -}, {@code .} and {@code _}, 1 to 63 long. */
public final class Names {
  public static final String PATTERN = "[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile(PATTERN);

  private Names() {}

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Returns {@code text} if it is a name, or throws IllegalArgumentException. */
  public static String require(String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException("not a name: \"" + text + "\" (lower-case letters, digits, - . _; 63 at most)");
    }
    return text;
  }
}
