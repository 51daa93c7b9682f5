package io.dvault.cli;

import io.dvault.apply.ApplyCheckpoint;
import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.workflow.Interrupts;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * {@code dvault apply --auto-approve} again and again in a process of its own: one round for each
 * line of its input, each the
 * whole command. Says {@code SEND} when it is about to send its commit, waits for a line, and ends
 * the round with the exit code
 * and what it printed, in one line.
 */
final class RacingApply {
  private RacingApply() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
      Path folder = Path.of(arguments[0]);
      CommandContext context = new CommandContext(
          new Terminal(both, both, false, false, false, Terminal.DEFAULT_WIDTH),
          new BufferedReader(Reader.nullReader()),
          Map.of("HOME", folder.resolve("home").toString()),
          folder,
          Optional.empty(),
          Clock.systemUTC(),
          new SecureRandom(),
          Interrupts.NONE,
          step -> atSend(step, in));
      int code = Dvault.run(context, "apply", "--auto-approve");
      System.out.println(code + " " + bytes.toString(StandardCharsets.UTF_8).replace('\n', '|'));
    }
  }

  private static void atSend(ApplyCheckpoint.Step step, BufferedReader in) {
    if (step == ApplyCheckpoint.Step.SEND) {
      System.out.println("SEND");
      try {
        in.readLine();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
