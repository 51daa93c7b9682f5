package io.dvault.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cli.view.Terminal.Style;
import io.dvault.console.Arguments;
import io.dvault.plan.FieldChange;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("P1")
class TerminalTextTest {
  @Test
  void clean_whatSteersOrHides_isReplaced() {
    assertEquals(
        "a\uFFFD[31mb\uFFFDc\uFFFDd\uFFFDe",
        TerminalText.clean("a\u001b[31mb\u202ec\u200bd\u2028e"));
    assertEquals("äöü → …", TerminalText.clean("äöü → …"));
  }

  @Test
  void values_longOnesThatDifferLate_showTheDifference() {
    String same = "drone-1.fleet.example, ".repeat(20);
    String shown = TerminalText.values(
        new FieldChange("principals", same + "old.example", same + "new.example"));
    assertTrue(shown.contains("old.example → "), shown);
    assertTrue(shown.endsWith("new.example"), shown);
    assertTrue(shown.length() < 160, shown);
  }

  @Test
  void values_longOnesThatDifferEarly_areCutBehind() {
    String rest = "x".repeat(200);
    String shown = TerminalText.values(new FieldChange("reason", "a" + rest, "b" + rest));
    assertTrue(
        shown.startsWith("axxx") && shown.contains("… → bxxx") && shown.endsWith("…"), shown);
  }

  private static String styled(boolean terminal, boolean color) {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Terminal screen =
        new Terminal(nowhere, nowhere, terminal, terminal, color, Terminal.DEFAULT_WIDTH);
    return screen.style(Style.GREEN, "+");
  }

  @Test
  void style_onATerminalAlone_andNotWhereTheUserDoesNotWantIt() {
    assertEquals("\u001b[32m+\u001b[0m", styled(true, true));
    assertEquals("+", styled(false, true));
    assertEquals("+", styled(true, false));
    Terminal coloured =
        new Terminal(System.out, System.err, true, true, true, Terminal.DEFAULT_WIDTH);
    assertEquals("+", coloured.plain().style(Style.GREEN, "+"));
  }

  @Test
  void arguments_noColorAnywhere_isTakenOffAndKept() {
    for (String[] given : new String[][] {
      {"-no-color", "plan"}, {"plan", "-no-color"}, {"plan", "--no-color", "-json"}
    }) {
      Arguments arguments = Arguments.parse(java.util.List.of(given));
      assertTrue(arguments.plain());
      assertFalse(arguments.rest().contains("--no-color"));
    }
    assertFalse(Arguments.parse(java.util.List.of("plan")).plain());
  }
}
