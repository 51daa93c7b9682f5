package io.dvault.console;

import java.util.List;

/** Text as man(7) macros take it. */
final class Roff {
  private final StringBuilder text = new StringBuilder();

  /** A line with a macro; each argument is quoted. */
  Roff macro(String name, String... arguments) {
    text.append('.').append(name);
    for (String argument : arguments) {
      text.append(" \"").append(escaped(argument).replace("\"", "\\(dq")).append('"');
    }
    text.append('\n');
    return this;
  }

  /** A line of running text. */
  Roff line(String words) {
    String escaped = escaped(words.strip());
    boolean control = escaped.startsWith(".") || escaped.startsWith("'");
    text.append(control ? "\\&" : "").append(escaped).append('\n');
    return this;
  }

  /** A line with font changes that {@link #bold} and {@link #italic} made. */
  Roff raw(String escaped) {
    text.append(escaped).append('\n');
    return this;
  }

  /** Lines as they stand. */
  Roff literal(List<String> lines) {
    text.append(".nf\n");
    lines.forEach(each -> text.append("\\&").append(escaped(each)).append('\n'));
    text.append(".fi\n");
    return this;
  }

  static String bold(String words) {
    return "\\fB" + escaped(words) + "\\fR";
  }

  static String italic(String words) {
    return "\\fI" + escaped(words) + "\\fR";
  }

  /** Every character that roff has a meaning for, and all beyond ASCII, by name. */
  static String escaped(String words) {
    StringBuilder escaped = new StringBuilder(words.length());
    words.codePoints().forEach(c -> {
      switch (c) {
        case '\\' -> escaped.append("\\e");
        case '-' -> escaped.append("\\-");
        case '\'' -> escaped.append("\\(aq");
        case '`' -> escaped.append("\\(ga");
        case '^' -> escaped.append("\\(ha");
        case '~' -> escaped.append("\\(ti");
        default -> {
          if (c < 0x80) {
            escaped.append((char) c);
          } else {
            escaped.append("\\[u%04X]".formatted(c));
          }
        }
      }
    });
    return escaped.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
