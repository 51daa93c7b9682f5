package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import io.dvault.yaml.YamlNode.Scalar;

/**
 * A text out of YAML that is a language of its own, and where each of its characters stands in the file: whatever the
 * quotes, escapes, folds and indentation around it.
 */
public final class SourceText {
  private final YamlSource source;
  private final Scalar scalar;
  private final String subject;

  SourceText(YamlSource source, Scalar scalar, String subject) {
    this.source = source;
    this.scalar = scalar;
    this.subject = subject;
  }

  public String text() {
    return scalar.text();
  }

  /** Where the value starts. */
  public SourcePosition position() {
    return source.position(scalar.line(), scalar.column());
  }

  /**
   * {@code diagnostic} at a place within the text, with its lines of source.
   *
   * @param offset in code points from the start of {@link #text}, at most its length
   * @param length how many code points are meant
   */
  public Diagnostic locate(Diagnostic diagnostic, int offset, int length) {
    Walk walk = new Walk(source.text().codePoints().toArray(), scalar);
    int[] text = scalar.text().codePoints().toArray();
    for (int i = 0; i < Math.min(offset, text.length); i++) {
      walk.pass(text[i]);
    }
    if (offset < text.length) {
      walk.seek(text[offset]);
    }
    return source.locate(diagnostic.on(subject), walk.line, walk.column, Math.max(1, length));
  }

  /**
   * Follows a text through the file. YAML's folding and indentation touch blanks alone, so each other character stands
   * there once, in order, as itself or as an escape.
   */
  private static final class Walk {
    private final int[] raw;
    private final int style;
    private int at;
    private int line;
    private int column;

    Walk(int[] raw, Scalar scalar) {
      this.raw = raw;
      this.line = 1;
      this.column = 1;
      while (at < raw.length
          && (line < scalar.line() || line == scalar.line() && column < scalar.column())) {
        step();
      }
      this.style = at < raw.length ? raw[at] : ' ';
      if (style == '|' || style == '>') {
        while (at < raw.length && raw[at] != '\n') {
          step();
        }
      } else if (style == '"' || style == '\'') {
        step();
      }
    }

    /** Stands at {@code wanted}, unless that is a blank, which may stand anywhere. */
    void seek(int wanted) {
      if (isBlank(wanted)) {
        return;
      }
      while (at < raw.length && (isBlank(raw[at]) || standsForBlank())) {
        step(width());
      }
    }

    /** Stands behind {@code wanted}. */
    void pass(int wanted) {
      seek(wanted);
      if (!isBlank(wanted)) {
        step(width());
      }
    }

    /** How many characters of the file one character of the text takes here. */
    private int width() {
      int next = at + 1 < raw.length ? raw[at + 1] : ' ';
      if (style == '\'' && raw[at] == '\'' && next == '\'') {
        return 2;
      }
      if (style != '"' || at >= raw.length || raw[at] != '\\') {
        return 1;
      }
      return switch (next) { // YAML 1.2.2, 5.7
        case 'x' -> 4;
        case 'u' -> 6;
        case 'U' -> 10;
        default -> 2;
      };
    }

    private boolean standsForBlank() {
      return style == '"'
          && raw[at] == '\\'
          && at + 1 < raw.length
          && "nrtvf \n\r\tNLP_".indexOf(raw[at + 1]) >= 0;
    }

    private static boolean isBlank(int each) {
      return Character.isWhitespace(each) || Character.isSpaceChar(each) || each == 0x85;
    }

    private void step(int count) {
      for (int i = 0; i < count; i++) {
        step();
      }
    }

    private void step() {
      if (at < raw.length) {
        boolean end = raw[at++] == '\n';
        line += end ? 1 : 0;
        column = end ? 1 : column + 1;
      }
    }
  }
}
