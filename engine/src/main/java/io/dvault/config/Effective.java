package io.dvault.config;

import io.dvault.desired.DesiredState;
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
import java.util.Optional;
import java.util.stream.Collectors;

/** Where each value of an entry comes from. docs/requirements.md A5. */
public final class Effective {
  private Effective() {}

  /**
   * @param from the line that says so
   * @param byDefault whether that line is one of the vault's defaults
   */
  public record Value(String field, String value, SourcePosition from, boolean byDefault) {}

  /** Every value of the declaration behind {@code template} and of its device, in the order of the files. */
  public static List<Value> of(RepositoryView view, DesiredState desired, EntryTemplate template) {
    List<Value> values = new ArrayList<>();
    collect(view, template.position(), "", values);
    defaults(view, desired, template.position(), values);
    desired
        .findDevice(template.address().device())
        .ifPresent(device -> collect(view, device.position(), "device.", values));
    return values;
  }

  /** The leaves of the document that holds {@code place}. */
  private static void collect(
      RepositoryView view, SourcePosition place, String prefix, List<Value> values) {
    document(view, place)
        .ifPresent(document -> ((Mapping) document.root()).fields().forEach((key, field) -> {
          if (!key.equals("apiVersion") && !key.equals("kind")) {
            leaves(document, prefix + key, field.value(), values, false);
          }
        }));
  }

  private static Optional<YamlDocument> document(RepositoryView view, SourcePosition place) {
    SourceFile file = view.find(place.file()).orElseThrow();
    List<YamlDocument> documents = YamlReader.read(file.path(), file.content(), new Findings());
    return documents.reversed().stream()
        .filter(document -> document.root().line() <= place.line())
        .findFirst();
  }

  /** What the vault's defaults add to the object: the fields, and those of {@code install}, that it does not have. */
  private static void defaults(
      RepositoryView view, DesiredState desired, SourcePosition place, List<Value> values) {
    Optional<YamlDocument> vault = document(view, desired.vault().position());
    Optional<YamlDocument> object = document(view, place);
    if (vault.isEmpty() || object.isEmpty()) {
      return;
    }
    String kind =
        find(object.get().root(), "kind").map(node -> ((Scalar) node).text()).orElse("");
    YamlNode spec = find(object.get().root(), "spec").orElseThrow();
    find(vault.get().root(), "spec", Defaults.KEY, kind)
        .ifPresent(
            defaults -> missing(vault.get(), "spec", (Mapping) defaults, (Mapping) spec, values));
  }

  private static void missing(
      YamlDocument vault, String name, Mapping defaults, Mapping own, List<Value> values) {
    defaults.fields().forEach((key, field) -> {
      Optional<YamlNode> given = find(own, key);
      if (given.isEmpty()) {
        leaves(vault, name + "." + key, field.value(), values, true);
      } else if (key.equals(DefaultedFields.MERGED)
          && given.get() instanceof Mapping inner
          && field.value() instanceof Mapping more) {
        missing(vault, name + "." + key, more, inner, values);
      }
    });
  }

  private static Optional<YamlNode> find(YamlNode node, String... keys) {
    YamlNode found = node;
    for (String key : keys) {
      if (!(found instanceof Mapping mapping) || !mapping.fields().containsKey(key)) {
        return Optional.empty();
      }
      found = mapping.fields().get(key).value();
    }
    return Optional.of(found);
  }

  private static void leaves(
      YamlDocument document, String name, YamlNode node, List<Value> values, boolean byDefault) {
    switch (node) {
      case Scalar scalar ->
        values.add(new Value(name, scalar.text(), document.position(scalar), byDefault));
      case Sequence sequence
      when sequence.items().stream().allMatch(Scalar.class::isInstance) ->
        values.add(new Value(
            name,
            sequence.items().stream()
                .map(each -> ((Scalar) each).text())
                .collect(Collectors.joining(", ")),
            document.position(sequence),
            byDefault));
      case Sequence sequence -> {
        for (int i = 0; i < sequence.items().size(); i++) {
          leaves(document, name + "[" + i + "]", sequence.items().get(i), values, byDefault);
        }
      }
      case Mapping mapping ->
        mapping
            .fields()
            .forEach((key, field) ->
                leaves(document, name + "." + key, field.value(), values, byDefault));
    }
  }
}
