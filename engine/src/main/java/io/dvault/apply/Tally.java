package io.dvault.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How many entries were issued, rotated and revoked. */
public record Tally(int issued, int rotated, int revoked) {

  /** {@code 1 issued, 1 rotated}; only what is not zero, unless all are. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    add(parts, issued, "issued");
    add(parts, rotated, "rotated");
    add(parts, revoked, "revoked");
    return parts.isEmpty() ? "nothing changed" : String.join(", ", parts);
  }

  private static void add(List<String> parts, int number, String word) {
    if (number > 0) {
      parts.add(String.format(Locale.ROOT, "%,d %s", number, word));
    }
  }
}
