package io.dvault.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A script test: what a person types and what the screen shows, in one text file.
 *
 * <pre>
 * # S1 the first lines say which rows it shows
 * $ dvault apply            a command, or dvault-agent; what it prints follows, up to the next step
 * ? 1                       before the output: its exit code, 0 unless said
 * &lt; yes                     before the output: a line of input
 * | git init                a step that is no such command (see ScriptRun)
 * &gt; vault.yaml              a file with the lines that follow, each after two blanks
 * </pre>
 *
 * In expected lines … stands for any text, and a line of three dots for any lines; {@code ${NAME}} is what a step
 * captured, {@code ${HERE}} the script's folder.
 */
public record Script(String name, List<Step> steps) {
  /** One thing to do. */
  sealed interface Step {
    int line();

    record Command(int line, String words, int exitCode, List<String> input, List<String> expected)
        implements Step {}

    record Action(int line, String words) implements Step {}

    record File(int line, String path, String content) implements Step {}
  }

  static Script read(String name, Path file) throws IOException {
    return parse(name, Files.readString(file));
  }

  static Script parse(String name, String text) {
    List<String> lines = text.lines().toList();
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at);
      if (line.startsWith("$ ")) {
        at = command(lines, at, steps);
      } else if (line.startsWith("| ")) {
        steps.add(new Step.Action(++at, line.substring(2)));
      } else if (line.startsWith("> ")) {
        at = file(lines, at, steps);
      } else if (line.isBlank() || line.startsWith("#")) {
        at++;
      } else {
        throw new IllegalArgumentException(name + ":" + (at + 1) + ": not a step: " + line);
      }
    }
    return new Script(name, List.copyOf(steps));
  }

  private static boolean startsStep(String line) {
    return line.startsWith("$ ")
        || line.startsWith("| ")
        || line.startsWith("> ")
        || line.startsWith("# ");
  }

  private static int command(List<String> lines, int start, List<Step> steps) {
    int at = start + 1;
    int exitCode = 0;
    List<String> input = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    while (at < lines.size() && !startsStep(lines.get(at))) {
      String line = lines.get(at++);
      if (line.startsWith("? ")) {
        exitCode = Integer.parseInt(line.substring(2).strip());
      } else if (line.startsWith("< ")) {
        input.add(line.substring(2));
      } else {
        expected.add(line.stripTrailing());
      }
    }
    while (!expected.isEmpty() && expected.getLast().isEmpty()) {
      expected.removeLast();
    }
    steps.add(
        new Step.Command(start + 1, lines.get(start).substring(2), exitCode, input, expected));
    return at;
  }

  private static int file(List<String> lines, int start, List<Step> steps) {
    int at = start + 1;
    StringBuilder content = new StringBuilder();
    while (at < lines.size() && (lines.get(at).startsWith("  ") || lines.get(at).isEmpty())) {
      String line = lines.get(at++);
      content.append(line.isEmpty() ? "" : line.substring(2)).append('\n');
    }
    steps.add(new Step.File(
        start + 1,
        lines.get(start).substring(2).strip(),
        content.toString().stripTrailing() + "\n"));
    return at;
  }
}
