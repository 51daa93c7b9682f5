package io.dvault.agent;

import io.dvault.converge.Cycle.Report;
import io.dvault.disk.Checkpoint;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.install.Problem;
import io.dvault.log.StructuredLog;
import io.dvault.trust.TrustState;
import io.dvault.trust.TrustStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** One enrolled device with its own root folder: the device's side, in this JVM. */
final class TestDevice {
  final Layout layout;
  final TestClock clock = new TestClock();
  final ByteArrayOutputStream log = new ByteArrayOutputStream();
  final String recipient;

  TestDevice(TestVault vault, Path root, String name, String agentYaml) throws IOException {
    this.layout = Layout.of(root);
    Files.createDirectories(layout.config().getParent());
    Files.writeString(layout.config(), agentYaml);
    Files.createDirectories(root.resolve("home/ops/.ssh"));
    Files.createDirectories(root.resolve("etc/ssh"));
    String yaml = new Enrolment(layout, new DurableFiles(Checkpoint.NONE), new SecureRandom())
        .enroll(
            vault.anchor(),
            name,
            new TreeMap<>(),
            true,
            TestVault.now(),
            new ChainCheck(System.err)::check);
    this.recipient = yaml.lines()
        .filter(line -> line.startsWith("  recipient: "))
        .findFirst()
        .orElseThrow()
        .replaceAll(".*\"(.*)\"", "$1");
  }

  static final String AGENT_YAML = """
      poll: 1s
      folders: [/etc/ssh/dvault, /etc/app]
      actions:
        reload-good: {run: [sh, -c, "cat {root}/etc/app/* >> {root}/reloads 2>/dev/null; true"]}
        reload-other: {run: [sh, -c, "echo -n other >> {root}/reloads-other"]}
        reload-bad: {run: ["true"], probe: [sh, -c, "echo the service is down; exit 1"]}
        check-stage: {check: [grep, -q, good, "{stage}/etc/app/checked"], run: ["true"]}
      accounts:
        ops: {authorizedKeys: /home/ops/.ssh/authorized_keys}
      sessions: {end: never}
      """;

  /** One look by a fresh agent, as {@code dvault-agent once} does. */
  Report look() throws IOException {
    return look(Checkpoint.NONE);
  }

  Report look(Checkpoint checkpoint) throws IOException {
    try (Agent agent = open(checkpoint)) {
      Report report = agent.cycle().run();
      agent.publisher().publish(report, Optional.empty());
      return report;
    }
  }

  Agent open(Checkpoint checkpoint) throws IOException {
    return Agent.open(
        layout,
        clock,
        new StructuredLog(new PrintStream(log, true, StandardCharsets.UTF_8), clock),
        checkpoint);
  }

  Path path(String onDevice) {
    return layout.onDevice(onDevice);
  }

  String read(String onDevice) throws IOException {
    return Files.readString(path(onDevice));
  }

  boolean has(String onDevice) {
    return Files.exists(path(onDevice));
  }

  Path authorizedKeys() {
    return path("/home/ops/.ssh/authorized_keys");
  }

  TrustState trust() throws IOException {
    return new TrustStore(layout.trust(), new DurableFiles(Checkpoint.NONE)).read();
  }

  static List<String> codes(Report report) {
    return report.problems().stream().map(Problem::code).distinct().sorted().toList();
  }
}
