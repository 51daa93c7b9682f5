package io.dvault.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known word with the least Damerau-Levenshtein distance (optimal string alignment). */
public final class Spelling {
  private static final int LONGEST = 64;

  private Spelling() {}

  /**
   * The nearest of {@code known} when it is near enough to be meant: a third of its length away, one letter at least.
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    record Near(String word, int distance) {}
    String lower = word.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(each -> each.length() <= LONGEST)
        .map(each -> new Near(each, distance(lower, each.toLowerCase(Locale.ROOT))))
        .filter(near -> near.distance() <= Math.max(1, near.word().length() / 3))
        .min(Comparator.comparingInt(Near::distance).thenComparing(Near::word))
        .map(Near::word);
  }

  /** {@code did you mean "x"?}, or empty. */
  public static String hint(String word, Collection<String> known) {
    return nearest(word, known).map(each -> "did you mean \"" + each + "\"?").orElse("");
  }

  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, cost);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int step(String a, String b, int i, int j, int[][] cost) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int least =
        Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
  }
}
