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
 * and bounded in bytes, depth and number of values. SECURITY T28.
 */
public final class YamlReader {
  /** 4 MiB. */
  public static final int MAX_BYTES = 4 << 20;

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
      findings.add(Diagnostic.error("DV002", "not UTF-8 text", "YAML files here are UTF-8; convert or remove this one.")
          .at(new SourcePosition(name, 1, 1)));
      return List.of();
    }
    return new YamlTree(new YamlSource(name, text.get()), findings).read();
  }

  /** The finding for a file over the limit, for those who know its length before they read it. */
  public static Diagnostic tooLarge(String name, long length) {
    return Diagnostic.error(
            "DV001", "file too large",
            "It has %,d bytes; at most %,d are read.".formatted(length, MAX_BYTES),
            "Split it into several files, or move it under a folder whose name starts with a dot.")
        .at(new SourcePosition(name, 1, 1));
  }

  private static Optional<String> decode(byte[] content) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder()
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
