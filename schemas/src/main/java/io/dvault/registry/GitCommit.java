package io.dvault.registry;

import java.util.regex.Pattern;

/**
 * How a tree and its public summary name the git commit that they were made from: its id, 40 or 64 lower-case hex
 * digits; the id with {@value #DIRTY} behind it, as {@code git describe --dirty} writes it, when the files were not
 * just those of the commit; empty when there was no commit. Whoever reads a bare id can make the plan again from it.
 */
public final class GitCommit {
  /** Stands behind the id when the files were changed since. */
  public static final String DIRTY = "-dirty";

  /** Characters at most. */
  static final int LONGEST = 64 + DIRTY.length();

  private static final int ABBREVIATED = 7;
  private static final Pattern VALID = Pattern.compile("(([0-9a-f]{40}|[0-9a-f]{64})(-dirty)?)?");

  private GitCommit() {}

  /** @param id empty when there is no commit; then {@code clean} says nothing */
  public static String text(String id, boolean clean) {
    return id.isEmpty() || clean ? id : id + DIRTY;
  }

  public static boolean isValid(String text) {
    return VALID.matcher(text).matches();
  }

  public static boolean isDirty(String text) {
    return text.endsWith(DIRTY);
  }

  /** For people: {@code 8d3f0c1}, {@code 8d3f0c1-dirty}, or empty. */
  public static String abbreviated(String text) {
    String id = id(text);
    return id.isEmpty() ? "" : text(id.substring(0, ABBREVIATED), !isDirty(text));
  }

  /** The commit's id, empty when there is none: of a dirty one the commit that was changed. */
  public static String id(String text) {
    return isDirty(text) ? text.substring(0, text.length() - DIRTY.length()) : text;
  }
}
