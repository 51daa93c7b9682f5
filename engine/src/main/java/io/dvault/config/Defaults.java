package io.dvault.config;

import io.dvault.model.Spelling;
import io.dvault.yaml.Fields;
import io.dvault.yaml.YamlFields;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code spec.defaults} of the vault: by kind, what its objects' specs say unless they say otherwise. */
final class Defaults {
  static final String KEY = "defaults";

  private final Optional<YamlFields> declared;

  private Defaults(Optional<YamlFields> declared) {
    this.declared = declared;
  }

  /** @param kinds those that may have defaults */
  static Defaults read(Optional<Envelope> vault, Collection<String> kinds) {
    if (vault.isEmpty() || !vault.get().spec().has(KEY)) {
      return new Defaults(Optional.empty());
    }
    YamlFields declared = vault.get().spec().map(KEY);
    for (String kind : declared.keys()) {
      declared
          .again()
          .map(kind); // told off here when it is no mapping, also without an object of that kind
      if (!kinds.contains(kind)) {
        String hint = Spelling.hint(kind, kinds);
        declared.error(
            kind,
            "DV045",
            "no defaults for kind \"" + kind + "\"",
            hint.isEmpty()
                ? "There may be some for: " + String.join(", ", List.copyOf(kinds)) + "."
                : Recipients.sentence(hint));
      }
    }
    return new Defaults(Optional.of(declared));
  }

  /** The object's spec over the defaults of its kind; {@code finish} of the second once everyone has asked. */
  Spec over(Envelope envelope) {
    if (declared.isEmpty() || !Set.copyOf(declared.get().keys()).contains(envelope.kind())) {
      return new Spec(envelope.spec(), Optional.empty());
    }
    // Each object asks anew: the same mapping must not remember what others asked for.
    YamlFields defaults = declared.get().again().map(envelope.kind());
    return new Spec(new DefaultedFields(envelope.spec(), defaults), Optional.of(defaults));
  }

  record Spec(Fields fields, Optional<YamlFields> defaults) {
    void finish() {
      defaults.ifPresent(YamlFields::finish);
    }
  }
}
