package io.dvault.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One value of a YAML document with its place: line and column from 1, and how many characters to underline. */
public sealed interface YamlNode {
  int line();

  int column();

  int length();

  /** @param plain whether it stood without quotes, so that {@code true} and {@code 5} are no text */
  record Scalar(String text, boolean plain, int line, int column, int length) implements YamlNode {}

  record Sequence(List<YamlNode> items, int line, int column, int length) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** In the order of the file. */
  record Mapping(Map<String, Field> fields, int line, int column, int length) implements YamlNode {
    public Mapping {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  record Field(Scalar key, YamlNode value) {}
}
