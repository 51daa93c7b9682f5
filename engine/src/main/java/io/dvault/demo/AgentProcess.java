package io.dvault.demo;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One drone's agent: a process of its own with its own root folder. */
final class AgentProcess implements AutoCloseable {
  private final List<String> command;
  private final String device;
  private final Path root;
  private Process running;

  AgentProcess(List<String> command, String device, Path root) {
    this.command = List.copyOf(command);
    this.device = device;
    this.root = root;
  }

  String device() {
    return device;
  }

  Path root() {
    return root;
  }

  Path authorizedKeys() {
    return root.resolve("home/ops/.ssh/authorized_keys");
  }

  Path hostKey() {
    return root.resolve("etc/ssh/dvault/sshd-host");
  }

  Path log() {
    return root.resolve("agent.log");
  }

  /** Makes the identity, pins the anchor, returns the Device YAML. */
  String enroll(Path anchor) throws IOException {
    Files.createDirectories(root);
    Path yaml = root.resolve("device.yaml");
    Process process = new ProcessBuilder(with(
            "enroll", "--anchor", anchor.toString(), "--name", device, "--label", "role=drone"))
        .redirectInput(new File("/dev/null"))
        .redirectOutput(yaml.toFile())
        .redirectError(log().toFile())
        .start();
    if (!OpenSshPeer.ended(process, Duration.ofSeconds(30)) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new DemoFailure(device + " could not enroll: "
          + Files.readString(log(), StandardCharsets.UTF_8).strip());
    }
    return Files.readString(yaml);
  }

  void start() throws IOException {
    running = new ProcessBuilder(with("run"))
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  boolean isAlive() {
    return running != null && running.isAlive();
  }

  private List<String> with(String verb, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(verb, "--root", root.toString()));
    all.addAll(List.of(arguments));
    return all;
  }

  @Override
  public void close() {
    if (running != null) {
      List<ProcessHandle> below = running.descendants().toList();
      running.destroy();
      if (!OpenSshPeer.ended(running, Duration.ofSeconds(5))) {
        running.destroyForcibly();
      }
      below.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
