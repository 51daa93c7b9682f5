package io.dvault.yaml;

import io.dvault.yaml.YamlNode.Field;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The trees of the plainest YAML, which {@link PlainParser} reads: the very same as {@link YamlTree} makes, many times as
 * fast, and for a small vault without loading SnakeYAML.
 */
final class PlainYaml implements PlainEvents {
  private final YamlSource source;
  private final byte[] text;
  private final List<YamlDocument> documents = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();

  /** A collection that is not yet over; {@code key} is that of the value to come. */
  private static final class Open {
    final boolean mapping;
    final int line;
    final int column;
    final Map<String, Field> fields;
    final List<YamlNode> items;
    Scalar key = new Scalar("", true, 1, 1, 0);

    Open(boolean mapping, int line, int column) {
      this.mapping = mapping;
      this.line = line;
      this.column = column;
      this.fields = mapping ? new LinkedHashMap<>() : Map.of();
      this.items = mapping ? List.of() : new ArrayList<>();
    }

    YamlNode node() {
      return mapping ? new Mapping(fields, line, column, 1) : new Sequence(items, line, column, 1);
    }
  }

  private PlainYaml(YamlSource source) {
    this.source = source;
    this.text = source.text().getBytes(StandardCharsets.UTF_8);
  }

  /** The documents, or empty when this is for {@link YamlTree} to read. */
  static Optional<List<YamlDocument>> read(YamlSource source) {
    PlainYaml tree = new PlainYaml(source);
    try {
      PlainParser.parse(tree.text, tree);
      return Optional.of(List.copyOf(tree.documents));
    } catch (NotPlainException e) {
      return Optional.empty();
    }
  }

  private String ascii(int from, int to) {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void startDocument() {}

  @Override
  public void endDocument() {}

  @Override
  public void startMapping(int line, int column) {
    open.push(new Open(true, line, column));
  }

  @Override
  public void endMapping() throws NotPlainException {
    add(open.pop().node());
  }

  @Override
  public void startSequence(int line, int column) {
    open.push(new Open(false, line, column));
  }

  @Override
  public void endSequence() throws NotPlainException {
    add(open.pop().node());
  }

  @Override
  public void key(int from, int to, int line, int column) {
    open.element().key = new Scalar(ascii(from, to), true, line, column, to - from);
  }

  @Override
  public void scalar(int from, int to, boolean plain, int line, int column, int length) throws NotPlainException {
    add(new Scalar(ascii(from, to), plain, line, column, length));
  }

  private void add(YamlNode node) throws NotPlainException {
    Open into = open.peek();
    if (into == null) {
      documents.add(new YamlDocument(source, node));
    } else if (!into.mapping) {
      into.items.add(node);
    } else if (into.fields.putIfAbsent(into.key.text(), new Field(into.key, node)) != null) {
      throw NotPlainException.NOT_PLAIN; // twice: to be told of
    }
  }
}
