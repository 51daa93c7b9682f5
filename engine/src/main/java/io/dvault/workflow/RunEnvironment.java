package io.dvault.workflow;

import io.dvault.apply.ApplyCheckpoint;
import io.dvault.model.SecretVariables;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a use case takes from outside: nothing else reads clocks, environment variables
 * or the working folder.
 *
 * @param variables of the environment, decoded
 * @param secrets the same as bytes: what is a secret is never decoded
 * @param directory the folder to work in, absolute ({@code --chdir} or the working folder)
 * @param home the top of the dVault clone or installation, if it is known
 * @param interrupts tells of Ctrl-C
 * @param crash told of every step of an apply, for tests that end the process there
 */
public record RunEnvironment(
    Map<String, String> variables,
    SecretVariables secrets,
    Path directory,
    Optional<Path> home,
    Clock clock,
    SecureRandom random,
    Interrupts interrupts,
    ApplyCheckpoint crash) {
  public RunEnvironment {
    variables = Map.copyOf(variables);
  }

  /** That of this process. */
  public static RunEnvironment ofProcess() {
    return new RunEnvironment(
        System.getenv(),
        ProcessVariables.ofThisProcess(),
        Path.of("").toAbsolutePath(),
        Optional.ofNullable(System.getProperty("dvault.home")).map(Path::of),
        Clock.systemUTC(),
        new SecureRandom(),
        Interrupts.ofProcess(),
        ApplyCheckpoint.NONE);
  }

  /** The same seen from another folder. {@code GIT_DIR} keeps the meaning that it had in this one. */
  public RunEnvironment in(Path other) {
    Map<String, String> there = new HashMap<>(variables);
    there.computeIfPresent(
        "GIT_DIR", (name, value) -> value.isEmpty() ? value : resolve(value).toString());
    return new RunEnvironment(there, secrets, other, home, clock, random, interrupts, crash);
  }

  /** The variable's value; an empty one counts as absent. */
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  /** A path that the user typed, seen from {@link #directory}. */
  public Path resolve(String path) {
    return directory.resolve(path).normalize();
  }

  /** The same, where a leading {@code ~/} is the home folder, for words that no shell has seen. */
  public Path resolveHome(String path) {
    return path.startsWith("~/") && variable("HOME").isPresent()
        ? Path.of(variable("HOME").get(), path.substring(2))
        : resolve(path);
  }
}
