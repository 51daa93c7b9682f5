package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A {@link KilledApply} that is held at a place until it is told to go on, and is sent signals there. */
final class HeldApply {
  private final Path go;
  private final Process process;
  private final BufferedReader out;
  private final StringBuilder shown = new StringBuilder();

  /** @param command empty: {@code apply --auto-approve}, and it has come to the place when this returns */
  HeldApply(Path folder, String place, String... command) throws IOException {
    this.go = folder.resolve("go");
    this.process = KilledApply.start(folder, place, go, command);
    // So that a text that never comes fails the test instead of holding it.
    CompletableFuture.delayedExecutor(2, TimeUnit.MINUTES).execute(process::destroyForcibly);
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    if (command.length == 0) {
      awaitText("AT " + place);
    }
  }

  void signal(String name) throws IOException, InterruptedException {
    assertEquals(
        0,
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
            .start()
            .waitFor());
  }

  void goOn() throws IOException {
    Files.createFile(go);
  }

  void awaitText(String wanted) throws IOException {
    for (int c = out.read(); c >= 0; c = out.read()) {
      shown.append((char) c);
      if (shown.toString().endsWith(wanted)) {
        return;
      }
    }
    throw new AssertionError("the process ended before \"" + wanted + "\":\n" + shown);
  }

  int exitCode() throws IOException, InterruptedException {
    for (int c = out.read(); c >= 0; c = out.read()) {
      shown.append((char) c);
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return process.exitValue();
  }

  String shown() {
    return shown.toString();
  }
}
