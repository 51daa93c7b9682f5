package io.dvault.spi;

import io.dvault.yaml.Fields;
import java.util.Map;

/** One YAML object as a kind gets it. */
public record Declaration(String kind, String name, Map<String, String> labels, Fields spec) {
  public Declaration {
    labels = Map.copyOf(labels);
  }
}
