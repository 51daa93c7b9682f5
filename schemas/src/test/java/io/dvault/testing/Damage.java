package io.dvault.testing;

import java.util.Random;

/** Texts as accidents and attackers leave them: a few characters changed, put in or taken out. */
public final class Damage {
  private Damage() {}

  /** {@code text} with one to three edits by {@code random}; what is put in is one of {@code marks}. */
  public static String of(String text, String marks, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int place = random.nextInt(damaged.length());
      char mark = marks.charAt(random.nextInt(marks.length()));
      switch (random.nextInt(3)) {
        case 0 -> damaged.setCharAt(place, mark);
        case 1 -> damaged.insert(place, mark);
        default -> damaged.delete(place, Math.min(damaged.length(), place + 1 + random.nextInt(4)));
      }
    }
    return damaged.toString();
  }
}
