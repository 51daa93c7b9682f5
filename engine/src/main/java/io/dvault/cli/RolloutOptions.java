package io.dvault.cli;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Durations;
import io.dvault.plan.FailureLimit;
import io.dvault.plan.Waves;
import io.dvault.workflow.RolloutSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/**
 * Whether devices are waited for, and in how many parts they get the change. docs/requirements.md
 * S6.
 */
final class RolloutOptions {
  private static final String USUAL_WAIT = "10m";

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      arity = "0..1",
      fallbackValue = USUAL_WAIT,
      description = "Wait until the devices report the commit. Default limit: " + USUAL_WAIT
          + "; --wait=2m sets another.")
  String wait = "";

  @Option(
      names = "--receipts",
      paramLabel = "FOLDER",
      description = "Folder with receipts of devices. Default: .dvault/receipts.")
  String receipts = ".dvault/receipts";

  @Option(
      names = "--waves",
      paramLabel = "SIZES",
      description =
          "Roll out in waves, counted from the start: 1,10%%,100%%. Each wave is a commit; the next one starts "
              + "when its devices have reported.")
  String waves = "";

  @Option(
      names = "--canaries",
      paramLabel = "CHOICE",
      description =
          "Devices of the first wave: a name or label=value; * and ? match any characters. Repeatable.")
  List<String> canaries = new ArrayList<>();

  @Option(
      names = "--max-failures",
      paramLabel = "N",
      description =
          "Stop if more devices than this fail or do not report: a number, or a share such as 5%%. Default: 0.")
  String maxFailures = "0";

  RolloutSettings settings() {
    Waves sizes = waves.isEmpty() ? Waves.ONE : parsed("--waves", waves, Waves::parse);
    FailureLimit limit = parsed("--max-failures", maxFailures, FailureLimit::parse);
    boolean waiting = !wait.isEmpty() || !waves.isEmpty();
    Optional<Duration> patience = waiting
        ? Optional.of(
            parsed("--wait", wait.isEmpty() ? USUAL_WAIT : wait, RolloutOptions::duration))
        : Optional.empty();
    if (!waiting && (!canaries.isEmpty() || !maxFailures.equals("0"))) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "--canaries and --max-failures require --waves",
          "Without --waves, all devices get the change at once. Nothing was changed."));
    }
    return new RolloutSettings(sizes, List.copyOf(canaries), limit, patience, receipts);
  }

  private static Duration duration(String text) {
    return Durations.parse(text)
        .orElseThrow(() -> new IllegalArgumentException(
            "Use --wait=2m, or put --wait last, after the saved plan."));
  }

  private static <T> T parsed(String option, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          option + " cannot be \"" + text + "\"",
          e.getMessage() + " Nothing was changed."));
    }
  }
}
