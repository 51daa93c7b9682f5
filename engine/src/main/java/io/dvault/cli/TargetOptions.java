package io.dvault.cli;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.AddressPattern;
import io.dvault.plan.Targets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which changes a plan is narrowed to, and what it rotates beside. */
final class TargetOptions {
  @Option(
      names = "--target",
      paramLabel = "ADDRESS",
      description =
          "Include only this: Kind/name@device, Kind/name, Kind or a device; * and ? match any characters. Repeatable.")
  List<String> target = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "ADDRESS",
      description = "Exclude this; same syntax as --target. Repeatable.")
  List<String> exclude = new ArrayList<>();

  @Option(
      names = "--replace",
      paramLabel = "ADDRESS",
      description = "Rotate this even if it has not changed; same syntax as --target. Repeatable.")
  List<String> replace = new ArrayList<>();

  /** Throws DV904 for what can be no address. */
  Targets targets() {
    return new Targets(
        patterns("--target", target),
        patterns("--exclude", exclude),
        patterns("--replace", replace));
  }

  private static List<AddressPattern> patterns(String option, List<String> texts) {
    return texts.stream()
        .map(text -> AddressPattern.parse(text)
            .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
                "DV904",
                option + " cannot be \"" + text + "\"",
                "Use Kind/name@device, Kind/name, Kind, or a device name; * and ? match any characters.",
                "For example SshCertificate/sshd-host@drone-7, 'Grant/*', 'drone-1?'."))))
        .toList();
  }
}
