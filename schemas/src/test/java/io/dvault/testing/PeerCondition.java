package io.dvault.testing;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a test whose {@code @Tag("peer:sshd")}, or the like, names a program that is missing, before anything
 * of the test starts; fails it where {@code dvault.peers.required} is true. Registered for every
 * test, see {@code junit-platform.properties}.
 */
public final class PeerCondition implements ExecutionCondition {
  private static final String PREFIX = "peer:";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return evaluate(
        context.getTags().stream()
            .filter(tag -> tag.startsWith(PREFIX))
            .map(tag -> tag.substring(PREFIX.length()))
            .filter(program -> Peers.find(program).isEmpty())
            .sorted()
            .toList(),
        Boolean.getBoolean("dvault.peers.required"));
  }

  static ConditionEvaluationResult evaluate(List<String> missing, boolean required) {
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("no program is missing");
    }
    String programs = String.join(", ", missing);
    if (required) {
      throw new AssertionError("required, but not on PATH: " + programs);
    }
    return ConditionEvaluationResult.disabled("needs " + programs + " on PATH");
  }
}
