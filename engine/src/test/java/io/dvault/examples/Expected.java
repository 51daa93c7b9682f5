package io.dvault.examples;

import java.util.List;
import java.util.regex.Pattern;

/** Whether output looks as a document shows it. */
final class Expected {
  private Expected() {}

  /** {@code …} within a line stands for anything in it, alone on a line for any number of lines. */
  static boolean matches(List<String> expected, String actual) {
    if (expected.isEmpty()) {
      return true;
    }
    StringBuilder pattern = new StringBuilder();
    for (String line : expected) {
      if (line.strip().equals("…")) {
        pattern.append("(?:[^\\n]*\\n)*?");
      } else {
        pattern.append(line(line.stripTrailing())).append("[ ]*\\n");
      }
    }
    return Pattern.compile(pattern.toString())
        .matcher(actual.endsWith("\n") ? actual : actual + "\n")
        .matches();
  }

  private static String line(String text) {
    StringBuilder pattern = new StringBuilder();
    String[] parts = text.split("…", -1);
    for (int i = 0; i < parts.length; i++) {
      pattern.append(i == 0 ? "" : "[^\\n]*").append(Pattern.quote(parts[i]));
    }
    return pattern.toString();
  }
}
