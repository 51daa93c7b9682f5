package io.dvault.console;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines below a command's options: words, and examples, which are indented by two blanks. Behind an example, after
 * two or more blanks, may stand what it is for. Nothing runs over the edge, and nothing but words starts at it.
 */
final class Examples {
  /** An example, and what it is for; that may be empty. */
  record Example(String command, String purpose) {}

  private static final int COMMAND = 2;
  private static final int CONTINUED = 6;
  private static final int GAP = 3;

  private Examples() {}

  static boolean isExample(String line) {
    return line.startsWith("  ") && !line.isBlank();
  }

  static Example parse(String line) {
    String text = line.strip();
    int gap = text.indexOf("  ");
    return gap < 0
        ? new Example(text, "")
        : new Example(text.substring(0, gap), text.substring(gap).strip());
  }

  static List<String> lines(List<String> footer, int width) {
    int column = footer.stream()
        .filter(Examples::isExample)
        .map(Examples::parse)
        .filter(each -> COMMAND + each.command().length() + GAP + each.purpose().length() <= width)
        .filter(each -> !each.purpose().isEmpty())
        .mapToInt(each -> each.command().length())
        .max()
        .orElse(0);
    List<String> lines = new ArrayList<>();
    for (String line : footer) {
      if (isExample(line)) {
        lines.addAll(example(parse(line), column, width));
      } else {
        lines.addAll(wrapped(line, 0, width, ""));
      }
    }
    return lines;
  }

  private static List<String> example(Example each, int column, int width) {
    boolean beside = !each.purpose().isEmpty()
        && each.command().length() <= column
        && COMMAND + column + GAP + each.purpose().length() <= width;
    if (beside) {
      return List.of(" ".repeat(COMMAND)
          + each.command()
          + " ".repeat(column - each.command().length() + GAP)
          + each.purpose());
    }
    List<String> lines =
        new ArrayList<>(wrapped(" ".repeat(COMMAND) + each.command(), CONTINUED, width, " \\"));
    if (!each.purpose().isEmpty()) {
      lines.addAll(wrapped(" ".repeat(CONTINUED) + each.purpose(), CONTINUED, width, ""));
    }
    return lines;
  }

  /** @param end stands behind each line that goes on in the next one */
  private static List<String> wrapped(String text, int indent, int width, String end) {
    List<String> lines = new ArrayList<>();
    String rest = text.stripTrailing();
    while (rest.length() > width) {
      int at = rest.lastIndexOf(' ', width - end.length());
      if (at <= indent) {
        break; // one long word: better over the edge than broken
      }
      lines.add(rest.substring(0, at) + end);
      rest = " ".repeat(indent) + rest.substring(at + 1);
    }
    lines.add(rest);
    return lines;
  }
}
