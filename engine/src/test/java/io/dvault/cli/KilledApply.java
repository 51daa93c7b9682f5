package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.workflow.Interrupts;
import java.io.BufferedReader;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * {@code dvault apply --auto-approve}, or another command that commits, in a process of its own:
 * says when it comes to a
 * place, and stays there until the given file exists, which for a process that is to be killed is never.
 *
 * <pre>
 * SEND            before it sends
 * ISSUE 2         before it issues for the second time
 * says Wave 2     once it printed that
 * </pre>
 */
final class KilledApply {
  private KilledApply() {}

  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    String place = arguments[1];
    Path go = Path.of(arguments[2]);
    AtomicInteger times = new AtomicInteger();
    PrintStream out =
        place.startsWith("says ") ? holding(place.substring("says ".length()), go) : System.out;
    CommandContext context = new CommandContext(
        new Terminal(out, System.out, false, false, false, Terminal.DEFAULT_WIDTH),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        Map.of("HOME", folder.resolve("home").toString()),
        folder,
        Optional.empty(),
        Clock.systemUTC(),
        new SecureRandom(),
        Interrupts.ofProcess(),
        at -> {
          boolean counted =
              place.startsWith(at + " ") && place.equals(at + " " + times.incrementAndGet());
          boolean there = counted || place.equals(at.name());
          if (there) {
            System.out.println("AT " + place);
            await(go);
          }
        });
    String[] command = arguments.length > 3
        ? List.of(arguments).subList(3, arguments.length).toArray(String[]::new)
        : new String[] {"apply", "--auto-approve"};
    System.exit(Dvault.run(context, command));
  }

  /** Standard output that holds whoever printed {@code words} first; what goes elsewhere is not held. */
  private static PrintStream holding(String words, Path go) {
    StringBuilder said = new StringBuilder();
    return new PrintStream(
        new FilterOutputStream(System.out) {
          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            boolean before = said.indexOf(words) >= 0;
            said.append(new String(bytes, from, length, StandardCharsets.UTF_8));
            if (!before && said.indexOf(words) >= 0) {
              out.flush();
              await(go);
            }
          }
        },
        true,
        StandardCharsets.UTF_8);
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

  static Process start(Path folder, String place, Path go, String... arguments) throws IOException {
    return new ProcessBuilder(command(folder, place, go, arguments))
        .redirectErrorStream(true)
        .start();
  }

  static List<String> command(Path folder, String place, Path go, String... arguments) {
    List<String> command = new ArrayList<>();
    if (Files.isDirectory(
        Path.of("/proc"))) { // whoever started the tests in the background had SIGINT ignored
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        KilledApply.class.getName(),
        folder.toString(),
        place,
        go.toString()));
    command.addAll(List.of(arguments));
    return command;
  }
}
