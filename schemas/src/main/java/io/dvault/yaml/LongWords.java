package io.dvault.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A text whose long runs of letters and digits are stood in for by short ones. Nearly all of a fleet's YAML is
 * post-quantum recipients of 1,960 characters, and SnakeYAML looks at each character many times; nothing in such a
 * run means anything to YAML. Whoever finds a fault in the short text reads the long one instead, so that what is
 * told of is always what stands in the file.
 */
final class LongWords {
  private static final int LONG = 128;
  private static final char OPEN = '\ue000';
  private static final char CLOSE = '\ue001';

  private final String text;
  private final List<String> words;
  private final Map<Integer, List<Stand>> byLine;

  /** @param column from 0, in the short text */
  private record Stand(int column, int length, int longer) {}

  private LongWords(String text, List<String> words, Map<Integer, List<Stand>> byLine) {
    this.text = text;
    this.words = words;
    this.byLine = byLine;
  }

  /** The text as it is. */
  static LongWords none(String text) {
    return new LongWords(text, List.of(), Map.of());
  }

  static LongWords of(String text) {
    if (text.indexOf(OPEN) >= 0 || text.indexOf(CLOSE) >= 0) {
      return none(text);
    }
    List<String> words = new ArrayList<>();
    Map<Integer, List<Stand>> byLine = new HashMap<>();
    StringBuilder out = new StringBuilder(text.length() / 4);
    int line = 0;
    int lineStart = 0; // in code points of the short text, as SnakeYAML counts columns
    int surrogates = 0;
    int at = 0;
    while (at < text.length()) {
      int end = at;
      while (end < text.length() && isWord(text.charAt(end))) {
        end++;
      }
      if (end - at >= LONG) {
        String stand = OPEN + Integer.toString(words.size()) + CLOSE;
        byLine
            .computeIfAbsent(line, any -> new ArrayList<>(1))
            .add(new Stand(
                out.length() - surrogates - lineStart, stand.length(), end - at - stand.length()));
        words.add(text.substring(at, end));
        out.append(stand);
      } else {
        out.append(text, at, end);
      }
      at = end;
      if (at < text.length()) {
        char c = text.charAt(at++);
        out.append(c);
        surrogates += Character.isLowSurrogate(c) ? 1 : 0;
        if (c == '\n') {
          line++;
          lineStart = out.length() - surrogates;
        } else if (c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
          return none(text); // other line breaks: not worth the care
        }
      }
    }
    return words.isEmpty() ? none(text) : new LongWords(out.toString(), words, byLine);
  }

  private static boolean isWord(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  /** The short text. */
  String text() {
    return text;
  }

  /** {@code part} of the short text, with its long words again. */
  String restore(String part) {
    int open = words.isEmpty() ? -1 : part.indexOf(OPEN);
    if (open < 0) {
      return part;
    }
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (; open >= 0; open = part.indexOf(OPEN, done)) {
      int close = part.indexOf(CLOSE, open);
      out.append(part, done, open)
          .append(words.get(Integer.parseInt(part.substring(open + 1, close))));
      done = close + 1;
    }
    return out.append(part, done, part.length()).toString();
  }

  /** A column of the short text, from 0, as it is in the file. */
  int column(int line, int column) {
    int shifted = column;
    for (Stand stand : byLine.getOrDefault(line, List.of())) {
      shifted += stand.column() < column ? stand.longer() : 0;
    }
    return shifted;
  }
}
