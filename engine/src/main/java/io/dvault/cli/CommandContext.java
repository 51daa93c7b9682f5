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
    this(terminal, in, environment, directory, home, clock, random, Interrupts.NONE, CrashPoint.NONE);
  }

  /** The same seen from another folder. {@code GIT_DIR} goes on meaning what it meant in this one. */
  CommandContext in(Path other) {
    Map<String, String> there = new HashMap<>(environment);
    there.computeIfPresent("GIT_DIR", (name, value) -> value.isEmpty() ? value : resolve(value).toString());
    return new CommandContext(terminal, in, there, other, home, clock, random, interrupts, crash);
  }

  /** The same without colour. */
  CommandContext plain() {
    return new CommandContext(
        terminal.plain(), in, environment, directory, home, clock, random, interrupts, crash);
  }

  /** The same with another place for output. */
  CommandContext with(Terminal other) {
    return new CommandContext(other, in, environment, directory, home, clock, random, interrupts, crash);
  }

  /** The variable's value; an empty one counts as absent. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** A path that the user typed, seen from {@link #directory}. */
  public Path resolve(String path) {
    return directory.resolve(path).normalize();
  }
}
