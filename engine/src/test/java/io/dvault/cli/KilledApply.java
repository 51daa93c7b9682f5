package io.dvault.cli;

import io.dvault.apply.CrashPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code dvault apply --auto-approve} in a process of its own: says when it comes to a step, and stays there until the
 * given file exists, which for a process that is to be killed is never. More arguments take the place of {@code --auto-approve}.
 */
final class KilledApply {
  private KilledApply() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    CrashPoint.Step step = CrashPoint.Step.valueOf(arguments[1]);
    Path go = Path.of(arguments[2]);
    CommandContext context = new CommandContext(
        new Terminal(System.out, System.out, false, false, false, Terminal.DEFAULT_WIDTH),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        Map.of("HOME", folder.resolve("home").toString()),
        folder,
        Optional.empty(),
        Clock.systemUTC(),
        new SecureRandom(),
        Interrupts.ofProcess(),
        Optional.empty(),
        at -> {
          if (at == step) {
            System.out.println("AT " + step);
            await(go);
          }
        });
    List<String> command = new ArrayList<>(List.of("apply"));
    command.addAll(arguments.length > 3 ? List.of(arguments).subList(3, arguments.length) : List.of("--auto-approve"));
    System.exit(Dvault.run(context, command.toArray(String[]::new)));
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

  static Process start(Path folder, CrashPoint.Step step, Path go, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isDirectory(Path.of("/proc"))) { // whoever started the tests in the background had SIGINT ignored
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "-cp", System.getProperty("java.class.path"), KilledApply.class.getName(), folder.toString(), step.name(), go.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
