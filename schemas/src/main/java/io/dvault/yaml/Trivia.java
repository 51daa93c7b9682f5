package io.dvault.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The comments and blank lines of a file, taken one after the other. A comment is what starts with # outside of every
 * value: SnakeYAML's own comment events lose some within braces.
 */
final class Trivia {
  private final Deque<Item> items = new ArrayDeque<>();

  /**
   * @param line from 0
   * @param column from 0
   * @param text the comment, or "" for a blank line
   * @param alone whether nothing stands before it on its line
   */
  private record Item(int line, int column, String text, boolean alone) {}

  /** @param values the ranges of {@code text} that belong to values, ascending: start, end, start, end… */
  Trivia(String text, List<Integer> values) {
    int next = 0;
    int line = 0;
    for (int start = 0; start <= text.length(); line++) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline;
      boolean alone = true;
      boolean within = false;
      for (int at = start; at < end; at++) {
        while (next < values.size() && at >= values.get(next + 1)) {
          next += 2;
        }
        boolean covered = next < values.size() && at >= values.get(next);
        within |= covered;
        char c = text.charAt(at);
        if (!covered && c == '#') {
          items.add(new Item(line, at - start, text.substring(at, end).stripTrailing(), alone));
          break;
        }
        alone &= c == ' ' || c == '\t' || c == '\r';
      }
      while (next < values.size() && end >= values.get(next + 1)) {
        next += 2;
      }
      boolean inValue = within || next < values.size() && start >= values.get(next);
      if (text.substring(start, end).isBlank() && !inValue && newline >= 0) {
        items.add(new Item(line, 0, "", true));
      }
      start = end + 1;
    }
  }

  /** Comments and blank lines above {@code line}; those beside something as if they stood alone. */
  List<String> above(int line) {
    List<String> taken = new ArrayList<>();
    while (!items.isEmpty() && items.peek().line() < line) {
      taken.add(items.poll().text());
    }
    return taken;
  }

  /** Of the comments above {@code line}, those indented by {@code column} at least, with blank lines between them. */
  List<String> indented(int line, int column) {
    int count = 0;
    int upTo = 0;
    for (Item item : items) {
      boolean mine = item.line() < line && (item.text().isEmpty() || item.column() >= column);
      if (!mine) {
        break;
      }
      count++;
      upTo = item.text().isEmpty() ? upTo : count;
    }
    List<String> taken = new ArrayList<>();
    for (int i = 0; i < upTo; i++) {
      taken.add(items.poll().text());
    }
    return taken;
  }

  /** The comment at the end of {@code line}, beside a value; or empty. */
  String beside(int line) {
    boolean there =
        !items.isEmpty() && items.peek().line() == line && !items.peek().alone();
    return there ? items.poll().text() : "";
  }

  /** Every comment that is left, sorted: to see that none was lost. */
  List<String> comments() {
    return items.stream()
        .map(Item::text)
        .filter(text -> !text.isEmpty())
        .sorted()
        .toList();
  }
}
