package io.dvault.cli;

import io.dvault.apply.CrashPoint;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a command may take from outside: nothing else reads clocks, environment or the working folder.
 *
 * @param directory the folder to work in, absolute ({@code --chdir} or the working folder)
 * @param home the top of the dVault clone or installation, if it is known
 * @param interrupts who tells of Ctrl-C
 * @param events where a machine reads what a person would see, if that is asked for
 * @param crash told of every step of an apply, for tests that end the process there
 */
public record CommandContext(
    Terminal terminal,
    BufferedReader in,
    Map<String, String> environment,
    Path directory,
    Optional<Path> home,
    Clock clock,
    SecureRandom random,
    Interrupts interrupts,
    Optional<Events> events,
    CrashPoint crash) {
  public CommandContext {
    environment = Map.copyOf(environment);
  }

  public CommandContext(
      Terminal terminal,
      BufferedReader in,
      Map<String, String> environment,
      Path directory,
      Optional<Path> home,
      Clock clock,
      SecureRandom random) {
    this(terminal, in, environment, directory, home, clock, random, Interrupts.NONE, Optional.empty(), CrashPoint.NONE);
  }

  /** The same seen from another folder. {@code GIT_DIR} goes on meaning what it meant in this one. */
  CommandContext in(Path other) {
    Map<String, String> there = new HashMap<>(environment);
    there.computeIfPresent("GIT_DIR", (name, value) -> value.isEmpty() ? value : resolve(value).toString());
    return new CommandContext(terminal, in, there, other, home, clock, random, interrupts, events, crash);
  }

  /** The same without colour. */
  CommandContext plain() {
    return new CommandContext(
        terminal.plain(), in, environment, directory, home, clock, random, interrupts, events, crash);
  }

  /** The same for a machine: what would be said to a person becomes events of type {@code log}. */
  CommandContext told(Events sink) {
    return new CommandContext(terminal.logging(sink), in, environment, directory, home, clock, random, interrupts,
        Optional.of(sink), crash);
  }

  /** The same with another place for output. */
  CommandContext with(Terminal other) {
    return new CommandContext(other, in, environment, directory, home, clock, random, interrupts, events, crash);
  }

  /** The variable's value; an empty one counts as absent. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** The same, where a leading {@code ~/} is the home folder, for words that no shell has seen. */
  Path resolveHome(String path) {
    return path.startsWith("~/") && variable("HOME").isPresent()
        ? Path.of(variable("HOME").get(), path.substring(2))
        : resolve(path);
  }

  /** A path that the user typed, seen from {@link #directory}. */
  public Path resolve(String path) {
    return directory.resolve(path).normalize();
  }
}
