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
      description = "Wait until the devices report the commit, " + USUAL_WAIT
          + " at most unless said: --wait=2m.")
  String wait = "";

  @Option(
      names = "--receipts",
      paramLabel = "FOLDER",
      description = "Where receipts arrive. Default: .dvault/receipts.")
  String receipts = ".dvault/receipts";

  @Option(
      names = "--waves",
      paramLabel = "SIZES",
      description =
          "Devices in parts, counted from the start: 1,10%%,100%%. Each part is a commit of its own, and waited for.")
  String waves = "";

  @Option(
      names = "--canaries",
      paramLabel = "CHOICE",
      description = "Who comes first: a name or label=value, both may be patterns; repeatable.")
  List<String> canaries = new ArrayList<>();

  @Option(
      names = "--max-failures",
      paramLabel = "N",
      description =
          "Stop once more devices than that failed or did not report: 2, or a share, 5%%. Default: 0.")
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
          "--canaries and --max-failures go with --waves",
          "Without waves all devices get the change at once. Nothing was changed."));
    }
    return new RolloutSettings(sizes, List.copyOf(canaries), limit, patience, receipts);
  }

  private static Duration duration(String text) {
    return Durations.parse(text)
        .orElseThrow(() -> new IllegalArgumentException(
            "Write --wait=2m; alone it goes last, after a saved plan's name."));
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
