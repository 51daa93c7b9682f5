package io.dvault.yaml;

/**
 * The letters of the plainest YAML: where words, quoted texts and lines end. Bytes, not a String: most of a fleet's YAML
 * is never made one. Every byte is looked at here, so that only printable ASCII gets through.
 */
abstract sealed class PlainText permits PlainParser {
  private static final int LONGEST_KEY = 128;
  private static final byte ALPHANUMERIC = 1;
  private static final byte KEY = 2;
  private static final byte WORD = 4;
  private static final byte[] KINDS = kinds();

  final byte[] text;
  int at;
  int line = 1;
  int lineStart;

  PlainText(byte[] text) {
    this.text = text;
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    for (char c = 0; c < 128; c++) {
      boolean alphanumeric = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
      boolean key = alphanumeric || "-_./".indexOf(c) >= 0;
      boolean word = key || "+=@".indexOf(c) >= 0; // marks that mean nothing to YAML inside a word
      kinds[c] = (byte) ((alphanumeric ? ALPHANUMERIC : 0) + (key ? KEY : 0) + (word ? WORD : 0));
    }
    return kinds;
  }

  private static boolean is(byte kind, byte letter) {
    return (KINDS[letter & 0xff] & kind) != 0;
  }

  /** Goes to the first character of this line or of the next one that says something; false at the end. */
  final boolean toContent() throws NotPlainException {
    at = lineStart;
    while (at < text.length) {
      at = afterSpaces(at);
      if (at < text.length && text[at] != '\n' && text[at] != '#') {
        return true;
      }
      nextLine();
    }
    return false;
  }

  final int afterSpaces(int from) {
    int next = from;
    while (next < text.length && text[next] == ' ') {
      next++;
    }
    return next;
  }

  private void nextLine() throws NotPlainException {
    int end = at;
    while (end < text.length && text[end] != '\n') {
      requirePrintable(text[end++]);
    }
    if (end - lineStart > YamlReader.MAX_LINE) {
      throw NotPlainException.NOT_PLAIN;
    }
    at = Math.min(text.length, end + 1);
    lineStart = at;
    line++;
  }

  private static void requirePrintable(byte letter) throws NotPlainException {
    if (letter < ' ' || letter > '~') { // bytes of more than ASCII are negative
      throw NotPlainException.NOT_PLAIN;
    }
  }

  /** Nothing but a comment may stand in the rest of the line. */
  final void endLine() throws NotPlainException {
    if (!isEndOfLine(at)) {
      throw NotPlainException.NOT_PLAIN;
    }
    nextLine();
  }

  final boolean isEndOfLine(int from) {
    int next = afterSpaces(from);
    return next == text.length || text[next] == '\n' || text[next] == '#' && next > from;
  }

  final int indent() {
    return at - lineStart;
  }

  final int column(int from) {
    return from - lineStart + 1;
  }

  final boolean atMarker() {
    return indent() == 0 && at + 3 <= text.length && text[at] == '-' && text[at + 1] == '-' && text[at + 2] == '-'
        && (at + 3 == text.length || text[at + 3] == '\n');
  }

  final byte here() throws NotPlainException {
    if (at == text.length) {
      throw NotPlainException.NOT_PLAIN;
    }
    return text[at];
  }

  final void take(char expected) throws NotPlainException {
    if (here() != expected) {
      throw NotPlainException.NOT_PLAIN;
    }
    at++;
  }

  /** Goes past the letters of a key. */
  final void passKey() throws NotPlainException {
    int start = at;
    if (!is(ALPHANUMERIC, here())) {
      throw NotPlainException.NOT_PLAIN;
    }
    while (at < text.length && is(KEY, text[at]) && at - start <= LONGEST_KEY) {
      at++;
    }
  }

  /** Goes past words of letters, digits and a few marks. */
  final void passWords() throws NotPlainException {
    byte first = here();
    if (!is(ALPHANUMERIC, first) && first != '/' && first != '_') {
      throw NotPlainException.NOT_PLAIN;
    }
    for (int end = at; end < text.length && is(WORD, text[end]); end = afterSpaces(end)) {
      end = afterWord(end);
      at = end;
    }
  }

  /** A loop of its own, over locals: a fleet's recipients are nearly all that there is to read. */
  private int afterWord(int from) {
    byte[] letters = text;
    byte[] kinds = KINDS;
    int next = from;
    while (next < letters.length && (kinds[letters[next] & 0xff] & WORD) != 0) {
      next++;
    }
    return next;
  }

  /** Goes past a text in quotes, without escapes and on one line. */
  final void passQuoted() throws NotPlainException {
    byte quote = here();
    for (at++; here() != quote; at++) {
      requirePrintable(text[at]);
      if (text[at] == '\\') {
        throw NotPlainException.NOT_PLAIN;
      }
    }
    at++;
    if (at < text.length && text[at] == quote) {
      throw NotPlainException.NOT_PLAIN; // '' inside single quotes
    }
  }
}
