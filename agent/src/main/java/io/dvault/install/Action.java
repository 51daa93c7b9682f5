package io.dvault.install;

import java.time.Duration;
import java.util.List;

/**
 * What {@code agent.yaml} lets a vault name. Each command is a program with its arguments, no shell; an empty one is
 * skipped.
 *
 * @param check must succeed before anything is reloaded; with {@code {stage}} in it, before anything is activated
 * @param run the reload
 * @param probe must succeed afterwards, or the generation before comes back
 * @param timeout for each command
 */
public record Action(List<String> check, List<String> run, List<String> probe, Duration timeout) {
  public static final String STAGE = "{stage}";
  public static final String ROOT = "{root}";

  public Action {
    check = List.copyOf(check);
    run = List.copyOf(run);
    probe = List.copyOf(probe);
  }

  boolean checksStage() {
    return check.stream().anyMatch(word -> word.contains(STAGE));
  }
}
