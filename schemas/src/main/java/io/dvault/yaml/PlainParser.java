package io.dvault.yaml;

/**
 * Reads the plainest YAML only, as {@code dvault-agent enroll} and people write declarations: ASCII, block mappings,
 * and on one line flow collections, quoted texts without escapes and plain words. Whatever is more than that, or wrong,
 * it leaves to {@link YamlTree} as a whole, so that there is one judge of what YAML is. That no key stands twice is for
 * the {@link PlainEvents} to see.
 */
public final class PlainParser extends PlainText {
  private final PlainEvents events;
  private int nodes;

  private PlainParser(byte[] text, PlainEvents events) {
    super(text);
    this.events = events;
  }

  /** Tells {@code events} of all of {@code text}; what was told means nothing when it throws. */
  public static void parse(byte[] text, PlainEvents events) throws NotPlainException {
    new PlainParser(text, events).documents();
  }

  /** Whether a scalar is text, and says something: no number, boolean or nothing. */
  public static boolean isText(String scalar, boolean plain) {
    return !scalar.isBlank()
        && (!plain || Scalars.otherThanText(scalar).isEmpty() && !Scalars.isNothing(scalar));
  }

  private void documents() throws NotPlainException {
    while (toContent()) {
      if (atMarker()) {
        at += 3;
        endLine();
      } else {
        events.startDocument();
        blockMapping(0);
        events.endDocument();
      }
    }
  }

  private void count(int depth) throws NotPlainException {
    if (++nodes > YamlTree.MAX_NODES || depth > YamlTree.MAX_DEPTH) {
      throw NotPlainException.NOT_PLAIN;
    }
  }

  /** From the first key on; ends before the line that belongs to something outside. */
  private void blockMapping(int depth) throws NotPlainException {
    count(depth);
    int indent = indent();
    if (depth == 0 && indent != 0) {
      throw NotPlainException.NOT_PLAIN;
    }
    events.startMapping(line, indent + 1);
    while (toContent() && indent() == indent && !atMarker()) {
      key(depth + 1);
      if (isEndOfLine(at)) {
        endLine();
        if (!toContent() || indent() <= indent) {
          throw NotPlainException.NOT_PLAIN; // a field without a value, or a list
        }
        blockMapping(depth + 1);
      } else {
        value(depth + 1);
        endLine();
      }
    }
    if (at < text.length && indent() > indent) {
      throw NotPlainException.NOT_PLAIN; // a value that goes on, or no level of indentation
    }
    events.endMapping();
  }

  /** With its colon. */
  private void key(int depth) throws NotPlainException {
    count(depth);
    int start = at;
    passKey();
    int end = at;
    take(':');
    events.key(start, end, line, column(start));
  }

  /** After a colon: spaces, and what follows on the line. */
  private void value(int depth) throws NotPlainException {
    take(' ');
    at = afterSpaces(at);
    node(depth);
  }

  private void node(int depth) throws NotPlainException {
    count(depth);
    switch (here()) {
      case '{' -> flowMapping(depth);
      case '[' -> flowSequence(depth);
      case '"', '\'' -> quoted();
      default -> plain();
    }
  }

  private void flowMapping(int depth) throws NotPlainException {
    events.startMapping(line, column(at));
    for (boolean more = open('}'); more; more = another('}')) {
      key(depth + 1);
      value(depth + 1);
    }
    events.endMapping();
  }

  private void flowSequence(int depth) throws NotPlainException {
    events.startSequence(line, column(at));
    for (boolean more = open(']'); more; more = another(']')) {
      node(depth + 1);
    }
    events.endSequence();
  }

  /** Steps into a flow collection; false when it ends at once. */
  private boolean open(char close) throws NotPlainException {
    at = afterSpaces(at + 1);
    boolean more = here() != close;
    at += more ? 0 : 1;
    return more;
  }

  /** After an item: whether a comma leads to another one. */
  private boolean another(char close) throws NotPlainException {
    at = afterSpaces(at);
    boolean more = here() == ',';
    if (!more) {
      take(close);
      return false;
    }
    at = afterSpaces(at + 1);
    return true;
  }

  private void quoted() throws NotPlainException {
    int start = at;
    passQuoted();
    events.scalar(start + 1, at - 1, false, line, column(start), at - start);
  }

  private void plain() throws NotPlainException {
    int start = at;
    passWords();
    events.scalar(start, at, true, line, column(start), at - start);
  }
}
