package io.dvault.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("E6")
class ExamplesTest {
  @Test
  void lines_purposesThatFit_standInOneColumn() {
    assertEquals(
        List.of("Examples:", "  a plan        see it", "  a plan -out   keep it"),
        Examples.lines(List.of("Examples:", "  a plan  see it", "  a plan -out    keep it"), 60));
  }

  @Test
  void lines_purposeTooLong_standsBelowAndNeverAtTheEdge() {
    assertEquals(
        List.of("  a plan --long-option", "      what it is for, in more", "      words than fit"),
        Examples.lines(
            List.of("  a plan --long-option  what it is for, in more words than fit"), 30));
  }

  @Test
  void lines_commandTooLong_goesOnAsAShellReadsIt() {
    assertEquals(
        List.of("  a plan --one value \\", "      --two value"),
        Examples.lines(List.of("  a plan --one value --two value"), 22));
  }

  @Test
  void lines_oneLongWord_isNotBroken() {
    assertEquals(
        List.of("  https://example.org/a/very/long/address"),
        Examples.lines(List.of("  https://example.org/a/very/long/address"), 20));
  }

  @Test
  void escaped_whatRoffHasAMeaningFor_isNamed() {
    assertEquals("a\\-b \\e \\(aq \\[u2026]", Roff.escaped("a-b \\ ' …"));
    assertEquals("\\&.TH\n", new Roff().line(".TH").toString());
  }
}
