package io.dvault.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A5")
class GlobTest {
  @Test
  void matches_randomPatterns_agreesWithRegularExpressions() {
    Random random = new Random(7);
    for (int i = 0; i < 50_000; i++) {
      String pattern = random(random, "ab*?", 8);
      String text = random(random, "ab", 8);
      String regex = pattern.replace("*", ".*").replace("?", ".");
      assertEquals(
          Pattern.matches(regex, text), Glob.matches(pattern, text), pattern + " on " + text);
    }
  }

  @Test
  @Tag("T28")
  void matches_manyStars_ends() {
    assertFalse(Glob.matches("*a".repeat(30) + "b", "a".repeat(60)));
  }

  private static String random(Random random, String alphabet, int most) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(most + 1);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
