package io.dvault.yaml;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import java.util.Map;

/** One document of a file: its root value, and the means to say where something is. */
public final class YamlDocument {
  private final YamlSource source;
  private final YamlNode root;

  YamlDocument(YamlSource source, YamlNode root) {
    this.source = source;
    this.root = root;
  }

  public YamlNode root() {
    return root;
  }

  public SourcePosition position(YamlNode node) {
    return source.position(node.line(), node.column());
  }

  /** The line of source on which {@code node} starts. */
  public String line(YamlNode node) {
    return source.line(node.line());
  }

  /** {@code diagnostic} at {@code node}, with its lines of source. */
  public Diagnostic locate(Diagnostic diagnostic, YamlNode node) {
    return source.locate(diagnostic, node.line(), node.column(), node.length());
  }

  /**
   * The whole document in the types of the core schema; a field without a value is left out. Empty
   * if it is no mapping.
   */
  public Map<String, Object> tree() {
    return root instanceof YamlNode.Mapping mapping ? Scalars.tree(mapping) : Map.of();
  }

  SourceText sourceText(YamlNode.Scalar scalar, String subject) {
    return new SourceText(source, scalar, subject);
  }

  /**
   * The root mapping, to be read field by field; a finding, and an empty mapping, when the root is something else.
   *
   * @param subject what diagnostics name, {@code Grant "alice"}, or empty
   */
  public YamlFields fields(String subject, Findings findings) {
    return YamlFields.ofRoot(this, subject, findings);
  }
}
