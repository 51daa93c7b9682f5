package io.dvault.cli.view;

import io.dvault.plan.FieldChange;

/** Values out of repositories and plan files, fit for a line of a screen: they must not steer it, nor hide in it. */
public final class TerminalText {
  private static final int WIDTH = 72;
  /** So much that is the same stands before the first difference of two long values. */
  private static final int CONTEXT = 16;

  private TerminalText() {}

  /** Without control characters, and without those that turn or hide the text around them (Unicode Cc and Cf). */
  public static String clean(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "\uFFFD");
  }

  /** {@code old → new}; where they are too long, cut so that the first difference is seen. */
  static String values(FieldChange field) {
    String before = clean(field.before());
    String after = clean(field.after());
    if (before.isEmpty() || after.isEmpty()) {
      return cut(before.isEmpty() ? after : before, 0);
    }
    int same = 0;
    if (before.length() > WIDTH || after.length() > WIDTH) {
      while (same < before.length()
          && same < after.length()
          && before.charAt(same) == after.charAt(same)) {
        same++;
      }
    }
    int from = same <= WIDTH - CONTEXT ? 0 : same - CONTEXT;
    return cut(before, from) + " → " + cut(after, from);
  }

  private static String cut(String text, int from) {
    String start = from == 0 ? text : "…" + text.substring(Math.min(from, text.length()));
    return start.length() <= WIDTH ? start : start.substring(0, WIDTH - 1) + "…";
  }
}
