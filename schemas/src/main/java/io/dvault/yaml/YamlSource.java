package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A file's name and text; cuts the lines that a diagnostic shows. */
final class YamlSource {
  private static final int WIDTH = 96;
  private static final Pattern LONG_HEX =
      Pattern.compile("([0-9a-fA-F]{4})[0-9a-fA-F]{56,}([0-9a-fA-F]{4})");

  private final String name;
  private final String text;

  YamlSource(String name, String text) {
    this.name = name;
    this.text = text;
  }

  String text() {
    return text;
  }

  SourcePosition position(int line, int column) {
    return new SourcePosition(name, line, column);
  }

  /** {@code diagnostic} at its place, with the line before it and the line itself. */
  Diagnostic locate(Diagnostic diagnostic, int line, int column, int length) {
    List<String> lines = new ArrayList<>();
    int first = Math.max(1, line - 1);
    for (int number = first; number <= line; number++) {
      lines.add(shown(line(number), number == line ? column + length : 0));
    }
    int room = Math.max(1, lines.getLast().length() - column + 1);
    return diagnostic
        .at(position(line, column))
        .showing(new Diagnostic.Snippet(first, lines, Math.max(1, Math.min(length, room))));
  }

  private static String shown(String line, int atLeast) {
    // The salt hides names in public; a diagnostic may end up in a public log, also where its field
    // is misspelt.
    String safe = LONG_HEX.matcher(SecretText.hidden(line)).replaceAll("$1…$2");
    StringBuilder clean = new StringBuilder();
    safe.codePoints()
        .limit(Math.max(WIDTH, Math.min(atLeast, 2 * WIDTH)))
        .forEach(each -> clean.appendCodePoint(Character.isISOControl(each) ? ' ' : each));
    return clean.length() < safe.length() ? clean.append('…').toString() : clean.toString();
  }

  String line(int number) {
    int start = 0;
    for (int at = 1; at < number; at++) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        return "";
      }
      start = end + 1;
    }
    int end = text.indexOf('\n', start);
    String line = end < 0 ? text.substring(start) : text.substring(start, end);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }
}
