package io.dvault.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S1")
class ProgressBarTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nanos = 4_711;

  private ProgressBar bar(boolean terminal, int width) {
    PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    ProgressBar bar = new ProgressBar(
        new Terminal(err, err, terminal, terminal, true, width), "issue", () -> nanos);
    bar.begin();
    return bar;
  }

  private void after(double seconds) {
    nanos += (long) (seconds * 1e9);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void show_longWorkOnATerminal_redrawsOneLineWithRateAndTimeLeft() {
    ProgressBar bar = bar(true, 100);
    after(1);
    bar.show(6_000, 100_000);
    after(9);
    bar.show(60_000, 100_000);
    after(6.6);
    bar.finish("100,000/100,000", 100_000);
    List<String> drawn =
        Arrays.stream(shown().split("\r")).skip(1).map(String::stripTrailing).toList();
    assertEquals(
        List.of(
            "  issue     █░░░░░░░░░░░░░░░░░░░░░░░  6,000/100,000",
            "  issue     ██████████████░░░░░░░░░░  60,000/100,000, 6,000/s, 7s left",
            "  issue     ████████████████████████  100,000/100,000 in 16.6 s, 6,024/s"),
        drawn);
    assertEquals(1, shown().lines().filter(line -> line.contains("in 16.6 s")).count());
    assertFalse(shown().contains("\u001b"), "no cursor codes, no colour");
  }

  @Test
  void show_shorterLine_wipesWhatTheLongerOneLeft() {
    ProgressBar bar = bar(true, 100);
    after(3);
    bar.show(10, 1_000, "waiting for drone-1, drone-2 and 40 more");
    after(1);
    bar.show(999, 1_000);
    String[] drawn = shown().split("\r");
    assertTrue(drawn[2].length() >= drawn[1].length(), shown());
  }

  @Test
  void show_narrowTerminal_isCutToOneLine() {
    ProgressBar bar = bar(true, 40);
    after(3);
    bar.show(10, 1_000, "waiting for drone-1, drone-2 and 40 more");
    assertTrue(shown().split("\r")[1].length() < 40, shown());
  }

  @Test
  void show_noTerminal_saysALineNowAndThen() {
    ProgressBar bar = bar(false, 100);
    for (int second = 1; second <= 25; second++) {
      after(1);
      bar.show(second * 10, 300);
    }
    bar.finish("300/300", 300);
    assertEquals(
        List.of(
            "  issue     100/300, 10/s, 20s left",
            "  issue     200/300, 10/s, 10s left",
            "  issue     ████████████████████████  300/300 in 25.0 s, 12/s"),
        shown().lines().toList());
  }

  @Test
  void show_slowWork_tellsARateAMinute() {
    ProgressBar bar = bar(false, 100);
    after(60);
    bar.show(3, 6);
    assertEquals("  issue     3/6, 3/min, 1m left\n", shown());
  }

  @Test
  void finish_shortWork_saysNothingOfItsPace() {
    ProgressBar bar = bar(false, 100);
    after(0.2);
    bar.show(1, 3);
    bar.finish("3/3", 3);
    assertEquals("  issue     ████████████████████████  3/3\n", shown());
  }
}
