package io.dvault.cli;

import io.dvault.apply.CrashPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * {@code dvault apply --auto-approve} in a process of its own: says when it comes to a step, and stays there until the
 * given file exists, which for a process that is to be killed is never.
 */
final class KilledApply {
  private KilledApply() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    CrashPoint.Step step = CrashPoint.Step.valueOf(arguments[1]);
    Path go = Path.of(arguments[2]);
    CommandContext context = new CommandContext(
        new Terminal(System.out, System.out, false, false, false, Terminal.DEFAULT_WIDTH),
        new BufferedReader(new StringReader("")),
        Map.of("HOME", folder.resolve("home").toString()),
        folder,
        Optional.empty(),
        Clock.systemUTC(),
        new SecureRandom(),
        at -> {
          if (at == step) {
            System.out.println("AT " + step);
            await(go);
          }
        });
    System.exit(Dvault.run(context, "apply", "--auto-approve"));
  }

  private static void await(Path go) {
    try {
      while (!Files.exists(go)) {
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Process start(Path folder, CrashPoint.Step step, Path go) throws IOException {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", System.getProperty("java.class.path"), KilledApply.class.getName(), folder.toString(), step.name(), go.toString())
        .redirectErrorStream(true).start();
  }
}
