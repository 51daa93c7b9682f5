package io.dvault.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

class PeerConditionTest {
  private static final List<String> MISSING = List.of("nginx", "sshd");

  @Test
  void evaluate_nothingMissing_runsTheTest() {
    assertFalse(PeerCondition.evaluate(List.of(), false).isDisabled());
    assertFalse(PeerCondition.evaluate(List.of(), true).isDisabled());
  }

  @Test
  void evaluate_programsMissing_skipsTheTestByTheirNames() {
    ConditionEvaluationResult result = PeerCondition.evaluate(MISSING, false);
    assertTrue(result.isDisabled());
    assertEquals(Optional.of("needs nginx, sshd on PATH"), result.getReason());
  }

  @Test
  void evaluate_programsMissingAndRequired_failsTheTest() {
    AssertionError e =
        assertThrows(AssertionError.class, () -> PeerCondition.evaluate(MISSING, true));
    assertEquals("required, but not on PATH: nginx, sshd", e.getMessage());
  }

  @Test
  @Tag("peer:sh")
  void path_programOfATag_isFound() {
    assertTrue(Peers.path("sh").isAbsolute());
  }

  @Test
  void path_programThatNoTagNames_isAMistakeOfTheTest() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> Peers.path("no-such-program"));
    assertTrue(e.getMessage().contains("@Tag(\"peer:no-such-program\")"), e.getMessage());
  }
}
