package io.dvault.config;

import io.dvault.git.RepositoryView;
import io.dvault.git.SourceFile;
import io.dvault.model.SourcePosition;
import io.dvault.spi.EntryTemplate;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlNode;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import io.dvault.yaml.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where each value of an entry comes from. FEATURES A5. */
public final class Effective {
  private Effective() {}

  /** @param from the line that says so */
  public record Value(String field, String value, SourcePosition from) {}

  /** Every value of the declaration behind {@code template} and of its device, in the order of the files. */
  public static List<Value> of(RepositoryView view, DesiredState desired, EntryTemplate template) {
    List<Value> values = new ArrayList<>();
    collect(view, template.position(), "", values);
    desired.findDevice(template.address().device()).ifPresent(device ->
        collect(view, device.position(), "device.", values));
    return values;
  }

  /** The leaves of the document that holds {@code place}. */
  private static void collect(RepositoryView view, SourcePosition place, String prefix, List<Value> values) {
    SourceFile file = view.find(place.file()).orElseThrow();
    List<YamlDocument> documents = YamlReader.read(file.path(), file.content(), new Findings());
    documents.reversed().stream()
        .filter(document -> document.root().line() <= place.line())
        .findFirst()
        .ifPresent(document -> ((Mapping) document.root()).fields().forEach((key, field) -> {
          if (!key.equals("apiVersion") && !key.equals("kind")) {
            leaves(document, prefix + key, field.value(), values);
          }
        }));
  }

  private static void leaves(YamlDocument document, String name, YamlNode node, List<Value> values) {
    switch (node) {
      case Scalar scalar -> values.add(new Value(name, scalar.text(), document.position(scalar)));
      case Sequence sequence when sequence.items().stream().allMatch(Scalar.class::isInstance) ->
          values.add(new Value(name, sequence.items().stream().map(each -> ((Scalar) each).text())
              .collect(Collectors.joining(", ")), document.position(sequence)));
      case Sequence sequence -> {
        for (int i = 0; i < sequence.items().size(); i++) {
          leaves(document, name + "[" + i + "]", sequence.items().get(i), values);
        }
      }
      case Mapping mapping -> mapping.fields().forEach((key, field) ->
          leaves(document, name + "." + key, field.value(), values));
    }
  }
}
