package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads a YAML file of one or more documents, strictly: no anchors, aliases, merge keys, tags, tabs or duplicate keys,
 * and bounded in bytes, depth and number of values. docs/threat-model.md T28.
 */
public final class YamlReader {
  /** 4 MiB. */
  public static final int MAX_BYTES = 4 << 20;

  /** SnakeYAML's time grows with the square of a line's length. */
  static final int MAX_LINE = 64 << 10;

  private YamlReader() {}

  /**
   * Reads {@code content}; on any finding about its form returns no documents.
   *
   * @param name the file as the user knows it, for positions
   */
  public static List<YamlDocument> read(String name, byte[] content, Findings findings) {
    if (content.length > MAX_BYTES) {
      findings.add(tooLarge(name, content.length));
      return List.of();
    }
    Optional<String> text = decode(content);
    if (text.isEmpty()) {
      findings.add(Diagnostic.error(
              "DV002", "not UTF-8 text", "YAML files here are UTF-8; convert or remove this one.")
          .at(new SourcePosition(name, 1, 1)));
      return List.of();
    }
    int longLine = longLine(text.get());
    if (longLine > 0) {
      findings.add(Diagnostic.error(
              "DV009", "line too long", "At most %,d characters are read.".formatted(MAX_LINE))
          .at(new SourcePosition(name, longLine, 1)));
      return List.of();
    }
    YamlSource source = new YamlSource(name, text.get());
    if (SecretText.mayBeIn(content)) {
      secrets(source, findings);
    }
    return YamlTree.read(source, findings);
  }

  /** docs/requirements.md A7. The line is not shown: a diagnostic may end up in a public log. */
  private static void secrets(YamlSource source, Findings findings) {
    String text = source.text();
    for (SecretText.Found found : SecretText.find(text)) {
      int line = 1
          + (int)
              text.substring(0, found.start()).chars().filter(c -> c == '\n').count();
      int start = text.lastIndexOf('\n', found.start() - 1) + 1;
      findings.add(Diagnostic.error(
              "DV043",
              "a plaintext secret: " + found.what(),
              "Anyone who can read the repository can read it, also in git's history. Replace the secret.",
              "Refer to it instead, for example in a Token: from: {env: NAME}, {file: PATH}, {age: PATH} or"
                  + " {exec: COMMAND}.")
          .at(source.position(line, 1 + text.codePointCount(start, found.start()))));
    }
  }

  /** The finding for a file over the limit, for those who know its length before they read it. */
  public static Diagnostic tooLarge(String name, long length) {
    return Diagnostic.error(
            "DV001",
            "file too large",
            "It has %,d bytes; at most %,d are read.".formatted(length, MAX_BYTES),
            "Split it into several files, or move it under a folder whose name starts with a dot.")
        .at(new SourcePosition(name, 1, 1));
  }

  /** The number of the first line over the limit, or 0. */
  private static int longLine(String text) {
    int number = 1;
    for (int start = 0; start < text.length(); number++) {
      int end = text.indexOf('\n', start);
      int stop = end < 0 ? text.length() : end;
      if (stop - start > MAX_LINE) {
        return number;
      }
      start = stop + 1;
    }
    return 0;
  }

  private static Optional<String> decode(byte[] content) {
    try {
      String text = StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(content))
          .toString();
      return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
