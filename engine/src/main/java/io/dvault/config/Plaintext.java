package io.dvault.config;

import io.dvault.model.Diagnostic;
import io.dvault.yaml.Findings;
import io.dvault.yaml.SecretText;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlNode;
import io.dvault.yaml.YamlNode.Field;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import io.dvault.yaml.YamlNode.Sequence;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds values that are secrets by the name of their field or by their looks (docs/requirements.md
 * A7); those that can be told by their form alone are found where YAML is read. Values are never
 * shown.
 */
final class Plaintext {
  /** Whoever knows better says so on the line: what is told by looks alone may be wrong. */
  static final String ALLOWED = "dvault:not-secret";

  /** Fields whose values are public and look random. */
  private static final Set<String> PUBLIC = Set.of(
      "recipient",
      "signer",
      "proof",
      "publicKey",
      "salt",
      "id",
      "contract",
      "address",
      "metadata",
      "names",
      "selector",
      "groups",
      "except",
      "principals");

  private static final Pattern REFERENCE = Pattern.compile("(env|file|exec|age|keystore):.+");

  private final YamlDocument document;
  private final Findings findings;

  private Plaintext(YamlDocument document, Findings findings) {
    this.document = document;
    this.findings = findings;
  }

  static void find(YamlDocument document, Findings findings) {
    new Plaintext(document, findings).look(document.root());
  }

  private void look(YamlNode node) {
    switch (node) {
      case Scalar scalar -> {
        if (SecretText.looksRandom(scalar.text())) {
          report(scalar, "this looks like a plaintext secret");
        }
      }
      case Sequence sequence -> sequence.items().forEach(this::look);
      case Mapping mapping -> mapping.fields().forEach(this::look);
    }
  }

  private void look(String key, Field field) {
    if (PUBLIC.contains(key)) {
      return;
    }
    if (field.value() instanceof Scalar scalar
        && SecretText.isSecretName(key)
        && isLiteral(scalar)) {
      report(scalar, "\"" + key + "\" is in plain text");
    } else {
      look(field.value());
    }
  }

  /** A text that is neither a reference nor a yes or no. */
  private static boolean isLiteral(Scalar scalar) {
    String text = scalar.text().strip();
    return !REFERENCE.matcher(text).matches()
        && !text.isEmpty()
        && !Set.of("true", "false", "null", "~").contains(text);
  }

  private void report(Scalar scalar, String what) {
    if (!document.line(scalar).contains(ALLOWED)) {
      findings.add(Diagnostic.error(
              "DV044",
              what,
              "Anyone who can read the repository can read it. Use a reference instead: env:NAME, "
                  + "file:PATH, age:PATH, exec:COMMAND.",
              "If it is public, mark its line: # " + ALLOWED)
          .at(document.position(scalar)));
    }
  }
}
