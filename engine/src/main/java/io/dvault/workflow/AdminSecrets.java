package io.dvault.workflow;

import io.dvault.bundle.AgeFile;
import io.dvault.bundle.Identity;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.registry.GitCommit;
import io.dvault.spi.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Values that YAML refers to, from the admin's side: {@code env:NAME}, {@code file:PATH}, {@code age:PATH} (opened with
 * the admin's identity) and, only where it was allowed on the command line, {@code exec:COMMAND},
 * for whoever may commit
 * would run commands on this machine. Never printed.
 */
final class AdminSecrets implements SecretSource {
  private static final int MAX_LENGTH = 1 << 16;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunEnvironment environment;
  private final Workspace workspace;
  private final Path identity;
  private final boolean commands;
  private final Duration patience;
  private final Consumer<Diagnostic> warnings;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param identity the admin's age identity, which is read only when an age file is asked for
   * @param commands whether {@code exec:} is allowed
   * @param warnings gets what the user should know of values that were read
   */
  AdminSecrets(
      RunEnvironment environment,
      Workspace workspace,
      Path identity,
      boolean commands,
      Consumer<Diagnostic> warnings) {
    this(environment, workspace, identity, commands, warnings, PATIENCE);
  }

  /** @param patience how long a command may take */
  AdminSecrets(
      RunEnvironment environment,
      Workspace workspace,
      Path identity,
      boolean commands,
      Consumer<Diagnostic> warnings,
      Duration patience) {
    this.patience = patience;
    this.warnings = warnings;
    this.environment = environment;
    this.workspace = workspace;
    this.identity = identity;
    this.commands = commands;
  }

  @Override
  public SecretBytes read(String reference) {
    if (reference.startsWith("env:")) {
      String name = reference.substring("env:".length());
      return environment
          .secrets()
          .find(name)
          .filter(value -> value.length() > 0)
          .orElseThrow(
              () -> failed(reference, "The environment variable " + name + " is not set."));
    }
    if (reference.startsWith("file:")) {
      return file(reference, "file:");
    }
    if (reference.startsWith("age:")) {
      return opened(reference);
    }
    if (reference.startsWith("exec:")) {
      return output(reference);
    }
    throw failed(reference, "References start with env:, file:, age: or exec:.");
  }

  private SecretBytes output(String reference) {
    if (!commands) {
      throw failed(
          reference,
          "The repository runs a command on this machine. To allow it, add --allow-exec.");
    }
    try {
      Process process = new ProcessBuilder("/bin/sh", "-c", reference.substring("exec:".length()))
          .directory(workspace.root().toFile())
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
      process.getOutputStream().close();
      try {
        return output(reference, process, System.nanoTime() + patience.toNanos());
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw failed(reference, "/bin/sh does not start: " + e.getClass().getSimpleName() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(reference, "Interrupted.");
    }
  }

  /** Reads on a thread of its own: what the command leaves behind may hold its output open for ever. */
  private SecretBytes output(String reference, Process process, long end)
      throws InterruptedException {
    FutureTask<byte[]> reading =
        new FutureTask<>(() -> process.getInputStream().readNBytes(MAX_LENGTH + 1));
    Thread.ofPlatform().daemon().name("exec").start(reading);
    try {
      SecretBytes value =
          SecretBytes.owning(reading.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
      boolean fits = value.borrow().length <= MAX_LENGTH;
      boolean ended = !fits || process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (fits && ended && process.exitValue() == 0) {
        return value;
      }
      value.close();
      throw failed(
          reference,
          !fits
              ? "It gave more than " + MAX_LENGTH + " bytes."
              : ended ? "The command ended with " + process.exitValue() + "." : late());
    } catch (TimeoutException e) {
      throw failed(reference, late());
    } catch (ExecutionException e) {
      throw failed(
          reference, "Its output cannot be read: " + e.getCause().getClass().getSimpleName() + ".");
    }
  }

  private String late() {
    return "The command took longer than " + patience.toSeconds() + " s.";
  }

  private SecretBytes opened(String reference) {
    List<Identity> identities = List.of();
    try (SecretBytes sealed = file(reference, "age:")) {
      identities = AdminIdentity.open(identity);
      return switch (AgeFile.open(sealed.borrow(), identities)) {
        case AgeFile.Result.Opened opened -> opened.plaintext();
        case AgeFile.Result.NotForUs other ->
          throw failed(reference, "It is sealed to others than " + identity + ".");
        case AgeFile.Result.Malformed malformed ->
          throw failed(reference, "It is no age file: " + malformed.reason() + ".");
      };
    } finally {
      identities.forEach(Identity::close);
    }
  }

  /** Of the commit that is applied, if it has the file; else from disk, where what is in no git lies. */
  private SecretBytes file(String reference, String scheme) {
    String path = reference.substring(scheme.length());
    Path file = workspace.root().resolve(path).normalize();
    boolean ours = file.startsWith(workspace.root());
    Optional<byte[]> committed = ours ? workspace.findCommitted(relative(file)) : Optional.empty();
    if (committed.isPresent()) {
      if (committed.get().length > MAX_LENGTH) {
        throw failed(reference, "In the commit it is longer than " + MAX_LENGTH + " bytes.");
      }
      return SecretBytes.owning(committed.get());
    }
    try {
      if (!Files.isRegularFile(file)) {
        throw failed(reference, "There is no file " + file + ".");
      }
      // docs/threat-model.md T28
      if (ours && !file.toRealPath().startsWith(workspace.root().toRealPath())) {
        throw failed(reference, file + " is a symbolic link that leaves the repository.");
      }
      if (Files.size(file) > MAX_LENGTH) {
        throw failed(reference, file + " is longer than " + MAX_LENGTH + " bytes.");
      }
      SecretBytes value = SecretBytes.owning(Files.readAllBytes(file));
      tellOfDisk(reference, file);
      return value;
    } catch (IOException e) {
      throw failed(reference, file + ": " + e.getClass().getSimpleName() + ".");
    }
  }

  /** Who applies a commit should know what does not come out of it; each reference is told once. */
  private void tellOfDisk(String reference, Path file) {
    if (workspace.isCommitted() && told.add(reference)) {
      warnings.accept(Diagnostic.warning(
          "DV628",
          "a secret value is not of the commit that is applied: " + reference,
          file + " is not in commit " + GitCommit.abbreviated(workspace.view().commit())
              + ": the file on disk is taken."));
    }
  }

  private String relative(Path file) {
    return workspace.root().relativize(file).toString().replace('\\', '/');
  }

  private static DiagnosticException failed(String reference, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV627", "a secret value cannot be read: " + reference, why, "Nothing was changed."));
  }
}
