package io.dvault.cli.view;

import io.dvault.apply.ApplyCheckpoint;
import io.dvault.model.SecretVariables;
import io.dvault.workflow.ApplyListener;
import io.dvault.workflow.Interrupts;
import io.dvault.workflow.RunEnvironment;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * A command's two sides: the person or machine in front of it, and the environment that it runs in.
 *
 * @param in answers to prompts
 * @param events where a machine reads what a person would see, if that is asked for
 */
public record CommandContext(
    Terminal terminal, BufferedReader in, RunEnvironment run, Optional<Events> events) {
  public CommandContext(
      Terminal terminal,
      BufferedReader in,
      Map<String, String> environment,
      Path directory,
      Optional<Path> home,
      Clock clock,
      SecureRandom random,
      Interrupts interrupts,
      ApplyCheckpoint crash) {
    this(
        terminal,
        in,
        new RunEnvironment(
            environment,
            SecretVariables.of(environment),
            directory,
            home,
            clock,
            random,
            interrupts,
            crash),
        Optional.empty());
  }

  public CommandContext(
      Terminal terminal,
      BufferedReader in,
      Map<String, String> environment,
      Path directory,
      Optional<Path> home,
      Clock clock,
      SecureRandom random) {
    this(
        terminal,
        in,
        environment,
        directory,
        home,
        clock,
        random,
        Interrupts.NONE,
        ApplyCheckpoint.NONE);
  }

  /** The same seen from another folder. */
  public CommandContext in(Path other) {
    return new CommandContext(terminal, in, run.in(other), events);
  }

  /** The same without color. */
  public CommandContext plain() {
    return new CommandContext(terminal.plain(), in, run, events);
  }

  /** The same for a machine: lines for a person become events of type {@code log}. */
  public CommandContext told(Events sink) {
    return new CommandContext(terminal.logging(sink), in, run, Optional.of(sink));
  }

  /** The same with another place for output. */
  public CommandContext with(Terminal other) {
    return new CommandContext(other, in, run, events);
  }

  /** Shows an apply to whom it runs for: as events, or on the screen. */
  public ApplyListener applyListener() {
    ApplyScreen screen = new ApplyScreen(terminal, run.directory());
    return events.<ApplyListener>map(sink -> new ApplyEvents(sink, screen)).orElse(screen);
  }

  public Path directory() {
    return run.directory();
  }

  public Optional<Path> home() {
    return run.home();
  }

  public Clock clock() {
    return run.clock();
  }

  public SecureRandom random() {
    return run.random();
  }

  public Map<String, String> environment() {
    return run.variables();
  }

  /** {@link RunEnvironment#variable}. */
  public Optional<String> variable(String name) {
    return run.variable(name);
  }

  /** {@link RunEnvironment#resolve}. */
  public Path resolve(String path) {
    return run.resolve(path);
  }

  /** {@link RunEnvironment#resolveHome}. */
  public Path resolveHome(String path) {
    return run.resolveHome(path);
  }
}
