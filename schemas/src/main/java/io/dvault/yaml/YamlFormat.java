package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The one style of YAML here. Two blanks a level, items of lists indented, no blanks within braces, what stood on one
 * line stays on one line, at most one blank line, comments kept, and the fields of an object in the order apiVersion,
 * kind, metadata, spec. A second pass changes nothing.
 */
public final class YamlFormat {
  private YamlFormat() {}

  /**
   * {@code content} in the one style; empty, with findings, when it cannot be read, or when the outcome would not say
   * exactly the same (DV041): then the file is better left alone.
   *
   * @param name for positions
   */
  public static Optional<String> format(String name, byte[] content, Findings findings) {
    int before = findings.count();
    List<YamlDocument> documents = YamlReader.read(name, content, findings);
    if (findings.count() > before) {
      return Optional.empty();
    }
    String text = new String(content, StandardCharsets.UTF_8).replace("\r\n", "\n");
    String source = text.startsWith("\ufeff") ? text.substring(1) : text;
    String formatted = YamlLayoutWriter.write(YamlLayoutReader.read(source));
    if (!saysTheSame(documents, source, formatted)) {
      findings.add(Diagnostic.error(
              "DV041",
              "not formatted",
              "Formatting would change its meaning.",
              "Please report this, and write that part more simply.")
          .at(new SourcePosition(name, 1, 1)));
      return Optional.empty();
    }
    return Optional.of(formatted);
  }

  private static boolean saysTheSame(
      List<YamlDocument> documents, String source, String formatted) {
    Findings found = new Findings();
    List<YamlDocument> again =
        YamlReader.read("", formatted.getBytes(StandardCharsets.UTF_8), found);
    if (found.count() > 0 || again.size() != documents.size()) {
      return false;
    }
    for (int i = 0; i < again.size(); i++) {
      if (!same(documents.get(i).root(), again.get(i).root())) {
        return false;
      }
    }
    return YamlLayoutReader.comments(source).equals(YamlLayoutReader.comments(formatted));
  }

  private static boolean same(YamlNode one, YamlNode other) {
    return switch (one) {
      case Scalar scalar ->
        other instanceof Scalar that
            && scalar.text().equals(that.text())
            && (scalar.plain() == that.plain() || isText(scalar) && isText(that));
      case Sequence sequence ->
        other instanceof Sequence that
            && sequence.items().size() == that.items().size()
            && java.util.stream.IntStream.range(0, sequence.items().size())
                .allMatch(i -> same(sequence.items().get(i), that.items().get(i)));
      case Mapping mapping ->
        other instanceof Mapping that
            && mapping.fields().keySet().equals(that.fields().keySet())
            && mapping.fields().entrySet().stream()
                .allMatch(each -> same(
                    each.getValue().value(), that.fields().get(each.getKey()).value()));
    };
  }

  private static boolean isText(Scalar scalar) {
    return Scalars.otherThanText(scalar).isEmpty() && !Scalars.isNothing(scalar);
  }
}
