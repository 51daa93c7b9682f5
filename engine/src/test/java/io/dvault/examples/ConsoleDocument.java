package io.dvault.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code console} blocks of a Markdown file, read as a test: lines that start with {@code $ } are typed, the lines
 * below are what must be seen, {@code …} standing for anything within a line and, alone on a line, for any lines. Words
 * behind {@code console} on the fence: {@code background} starts the command and leaves it running until the document
 * ends, going on once the shown lines were seen; {@code exit=1} is the exit code expected.
 */
record ConsoleDocument(Path file, List<Step> steps) {
  /** @param line where the command stands in the file, from 1 */
  record Step(int line, String command, List<String> expected, boolean background, int exitCode) {}

  static ConsoleDocument read(Path file) throws IOException {
    List<Step> steps = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    String fence = "";
    boolean inside = false;
    StringBuilder command = new StringBuilder();
    List<String> expected = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("```")) {
        if (inside) {
          add(steps, start, command, expected, fence);
          inside = false;
        } else if (line.startsWith("```console")) {
          inside = true;
          fence = line;
        }
      } else if (inside && line.startsWith("$ ")) {
        add(steps, start, command, expected, fence);
        command.append(line.substring(2));
        start = i + 1;
      } else if (inside
          && (command.toString().endsWith("\\") || line.startsWith("> ") && expected.isEmpty())) {
        command.append('\n').append(line.startsWith("> ") ? line.substring(2) : line);
      } else if (inside) {
        expected.add(line);
      }
    }
    return new ConsoleDocument(file, List.copyOf(steps));
  }

  private static void add(
      List<Step> steps, int line, StringBuilder command, List<String> expected, String fence) {
    if (!command.isEmpty()) {
      int exitCode = fence.contains("exit=")
          ? Integer.parseInt(fence.replaceAll(".*exit=([0-9]+).*", "$1"))
          : 0;
      steps.add(new Step(
          line, command.toString(), List.copyOf(expected), fence.contains("background"), exitCode));
    }
    command.setLength(0);
    expected.clear();
  }
}
