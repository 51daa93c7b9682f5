package io.dvault.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExpectedTest {
  @Test
  void matches_dotsWithinALine_standForThatLineOnly() {
    assertTrue(Expected.matches(List.of("epoch … done"), "epoch 41 done\n"));
    assertFalse(Expected.matches(List.of("epoch … done"), "epoch 41\ndone\n"));
  }

  @Test
  void matches_dotsAlone_standForLines() {
    assertTrue(Expected.matches(List.of("a", "…", "c"), "a\nb\nb\nc\n"));
    assertTrue(Expected.matches(List.of("a", "…", "c"), "a\nc"));
    assertFalse(Expected.matches(List.of("a", "…", "c"), "a\nb\n"));
  }

  @Test
  void matches_anotherLine_isNoMatch() {
    assertFalse(Expected.matches(List.of("Plan: 1 to issue"), "Plan: 2 to issue\n"));
  }
}
