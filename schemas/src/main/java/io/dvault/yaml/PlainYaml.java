package io.dvault.yaml;

import io.dvault.yaml.YamlNode.Field;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the plainest YAML only, as {@code dvault-agent enroll} and people write declarations: ASCII, block mappings,
 * and on one line flow collections, quoted texts without escapes and plain words. Whatever is more than that, or wrong,
 * it leaves to {@link YamlTree} as a whole, so that there is one judge of what YAML is; what it does read is the very
 * same tree. A fleet of 100,000 devices is read twenty times as fast, and a small one without loading SnakeYAML.
 */
final class PlainYaml {
  private static final int LONGEST_KEY = 128;

  private final YamlSource source;
  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;
  private int nodes;

  private PlainYaml(YamlSource source) {
    this.source = source;
    this.text = source.text();
  }

  /** Something that is not read here. */
  private static final class Otherwise extends Exception {
    private static final long serialVersionUID = 1L;

    Otherwise() {
      super(null, null, false, false);
    }
  }

  /** The documents, or empty when this is for {@link YamlTree} to read. */
  static Optional<List<YamlDocument>> read(YamlSource source) {
    if (!isPrintableAscii(source.text())) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PlainYaml(source).documents());
    } catch (Otherwise e) {
      return Optional.empty();
    }
  }

  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < ' ' || c > '~') && c != '\n') {
        return false;
      }
    }
    return true;
  }

  private List<YamlDocument> documents() throws Otherwise {
    List<YamlDocument> documents = new ArrayList<>();
    while (toContent()) {
      if (atMarker()) {
        at += 3;
        endLine();
      } else {
        documents.add(new YamlDocument(source, blockMapping(0)));
      }
    }
    return List.copyOf(documents);
  }

  /** Goes to the first character of this line or of the next one that says something; false at the end. */
  private boolean toContent() {
    at = lineStart;
    while (at < text.length()) {
      at = afterSpaces(at);
      if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '#') {
        return true;
      }
      nextLine();
    }
    return false;
  }

  private int afterSpaces(int from) {
    int next = from;
    while (next < text.length() && text.charAt(next) == ' ') {
      next++;
    }
    return next;
  }

  private void nextLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
    lineStart = at;
    line++;
  }

  /** Nothing but a comment may stand in the rest of the line. */
  private void endLine() throws Otherwise {
    if (!isEndOfLine(at)) {
      throw new Otherwise();
    }
    nextLine();
  }

  private boolean isEndOfLine(int from) {
    int next = afterSpaces(from);
    return next == text.length() || text.charAt(next) == '\n' || text.charAt(next) == '#' && next > from;
  }

  private int indent() {
    return at - lineStart;
  }

  private int column(int from) {
    return from - lineStart + 1;
  }

  private boolean atMarker() {
    return indent() == 0 && text.startsWith("---", at) && (at + 3 == text.length() || text.charAt(at + 3) == '\n');
  }

  private char here() throws Otherwise {
    if (at == text.length()) {
      throw new Otherwise();
    }
    return text.charAt(at);
  }

  private void take(char expected) throws Otherwise {
    if (here() != expected) {
      throw new Otherwise();
    }
    at++;
  }

  private void count(int depth) throws Otherwise {
    if (++nodes > YamlTree.MAX_NODES || depth > YamlTree.MAX_DEPTH) {
      throw new Otherwise();
    }
  }

  /** From the first key on; ends before the line that belongs to something outside. */
  private Mapping blockMapping(int depth) throws Otherwise {
    count(depth);
    int indent = indent();
    int startLine = line;
    if (depth == 0 && indent != 0) {
      throw new Otherwise();
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    while (toContent() && indent() == indent && !atMarker()) {
      Scalar key = key(depth + 1);
      YamlNode value;
      if (isEndOfLine(at)) {
        endLine();
        if (!toContent() || indent() <= indent) {
          throw new Otherwise(); // a field without a value, or a list
        }
        value = blockMapping(depth + 1);
      } else {
        value = value(depth + 1);
        endLine();
      }
      put(fields, key, value);
    }
    if (at < text.length() && indent() > indent) {
      throw new Otherwise(); // a value that goes on, or no level of indentation
    }
    return new Mapping(fields, startLine, indent + 1, 1);
  }

  private static void put(Map<String, Field> fields, Scalar key, YamlNode value) throws Otherwise {
    if (fields.putIfAbsent(key.text(), new Field(key, value)) != null) {
      throw new Otherwise();
    }
  }

  /** With its colon. */
  private Scalar key(int depth) throws Otherwise {
    count(depth);
    int start = at;
    if (!isAlphanumeric(here())) {
      throw new Otherwise();
    }
    while (at < text.length() && isOfKey(text.charAt(at)) && at - start <= LONGEST_KEY) {
      at++;
    }
    Scalar key = new Scalar(text.substring(start, at), true, line, column(start), at - start);
    take(':');
    return key;
  }

  /** After a colon: spaces, and what follows on the line. */
  private YamlNode value(int depth) throws Otherwise {
    take(' ');
    at = afterSpaces(at);
    return node(depth);
  }

  private YamlNode node(int depth) throws Otherwise {
    count(depth);
    return switch (here()) {
      case '{' -> flowMapping(depth);
      case '[' -> flowSequence(depth);
      case '"', '\'' -> quoted();
      default -> plain();
    };
  }

  private Mapping flowMapping(int depth) throws Otherwise {
    int column = column(at);
    Map<String, Field> fields = new LinkedHashMap<>();
    for (boolean more = open('}'); more; more = another('}')) {
      Scalar key = key(depth + 1);
      put(fields, key, value(depth + 1));
    }
    return new Mapping(fields, line, column, 1);
  }

  private Sequence flowSequence(int depth) throws Otherwise {
    int column = column(at);
    List<YamlNode> items = new ArrayList<>();
    for (boolean more = open(']'); more; more = another(']')) {
      items.add(node(depth + 1));
    }
    return new Sequence(items, line, column, 1);
  }

  /** Steps into a flow collection; false when it ends at once. */
  private boolean open(char close) throws Otherwise {
    at = afterSpaces(at + 1);
    boolean more = here() != close;
    at += more ? 0 : 1;
    return more;
  }

  /** After an item: whether a comma leads to another one. */
  private boolean another(char close) throws Otherwise {
    at = afterSpaces(at);
    boolean more = here() == ',';
    if (!more) {
      take(close);
      return false;
    }
    at = afterSpaces(at + 1);
    return true;
  }

  private Scalar quoted() throws Otherwise {
    char quote = here();
    int start = at++;
    while (here() != quote) {
      if (here() == '\n' || here() == '\\') {
        throw new Otherwise();
      }
      at++;
    }
    at++;
    if (at < text.length() && text.charAt(at) == quote) {
      throw new Otherwise(); // '' inside single quotes
    }
    return new Scalar(text.substring(start + 1, at - 1), false, line, column(start), at - start);
  }

  /** Words of letters, digits and a few marks that mean nothing to YAML inside a word. */
  private Scalar plain() throws Otherwise {
    int start = at;
    char first = here();
    if (!isAlphanumeric(first) && first != '/' && first != '_') {
      throw new Otherwise();
    }
    int end = at;
    while (end < text.length() && isOfWord(text.charAt(end))) {
      while (end < text.length() && isOfWord(text.charAt(end))) {
        end++;
      }
      at = end;
      end = afterSpaces(end);
    }
    return new Scalar(text.substring(start, at), true, line, column(start), at - start);
  }

  private static boolean isAlphanumeric(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
  }

  private static boolean isOfKey(char c) {
    return isAlphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '/';
  }

  private static boolean isOfWord(char c) {
    return isOfKey(c) || c == '+' || c == '=' || c == '@';
  }
}
