package io.dvault.cli.view;

import io.dvault.model.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Says that dVault has a bug and writes where. Only types and stack frames go into the file: the message of an
 * unforeseen exception may hold anything, secrets too (docs/threat-model.md T27).
 */
public final class CrashReport {
  private static final int MAX_CAUSES = 16;

  private CrashReport() {}

  public static Diagnostic write(Throwable crash, CommandContext context, String command) {
    Diagnostic bug = Diagnostic.error(
        "DV999",
        "this is a bug in dVault",
        crash.getClass().getSimpleName() + " in `dvault " + command + "`.");
    try {
      Path folder = context.directory().resolve(".dvault");
      String name = "crash-" + context.clock().millis() + ".txt";
      Path file = Files.isDirectory(folder)
          ? folder.resolve(name)
          : Files.createTempFile("dvault-", "-" + name);
      Files.writeString(file, text(crash, command));
      return Diagnostic.error(
          bug.code(),
          bug.summary(),
          bug.detail().getFirst(),
          "Please report it with " + file + ", which holds no secret.");
    } catch (IOException e) {
      return Diagnostic.error(
          bug.code(),
          bug.summary(),
          bug.detail().getFirst(),
          "The crash file could not be written: " + e.getClass().getSimpleName() + ".");
    }
  }

  private static String text(Throwable crash, String command) {
    StringBuilder text = new StringBuilder("dvault " + ProductVersion.version() + "\nJava "
        + Runtime.version() + "\ncommand " + command + "\n");
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = crash;
        t != null && seen.add(t) && seen.size() <= MAX_CAUSES;
        t = t.getCause()) {
      text.append("\n").append(t.getClass().getName()).append("\n");
      for (StackTraceElement frame : t.getStackTrace()) {
        text.append("  at ").append(frame).append("\n");
      }
    }
    return text.toString();
  }
}
