package io.dvault.config;

import io.dvault.model.Diagnostic;
import io.dvault.model.Names;
import io.dvault.model.Spelling;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlFields;
import io.dvault.yaml.YamlNode;
import io.dvault.yaml.YamlNode.Mapping;
import io.dvault.yaml.YamlNode.Scalar;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What every object has around its spec.
 *
 * @param root read by {@link #finish} for unknown fields once everyone has asked
 * @param whole whether kind and name are fit for use
 */
record Envelope(
    String kind, String name, Map<String, String> labels, YamlFields root, boolean whole) {
  static final String API_VERSION = "dvault.io/v1";
  private static final Pattern AGENT_FILE = Pattern.compile("agent\\.ya?ml");
  private static final Pattern LABEL_KEY =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  static Optional<Envelope> read(
      YamlDocument document, Collection<String> kinds, Findings findings) {
    String kind = scalar(document.root(), "kind");
    String name =
        document.root() instanceof Mapping mapping && mapping.fields().containsKey("metadata")
            ? scalar(mapping.fields().get("metadata").value(), "name")
            : "";
    String subject = kind.isEmpty() ? "" : name.isEmpty() ? kind : kind + " \"" + name + "\"";
    if (isForDevices(document, kind)) {
      return Optional.empty();
    }
    YamlFields root = document.fields(subject, findings);
    if (!(document.root() instanceof Mapping)) {
      return Optional.empty();
    }
    if (!apiVersion(root)) {
      return Optional.empty();
    }
    String declared = root.requireString("kind");
    if (!kinds.contains(declared)) {
      if (!declared.isEmpty()) {
        findings.add(document.locate(
            Diagnostic.error(
                    "DV021",
                    "unknown kind \"" + declared + "\"",
                    "Known kinds: " + String.join(", ", kinds.stream().sorted().toList()) + ".")
                .hinting(Spelling.hint(declared, kinds)),
            ((Mapping) document.root()).fields().get("kind").value()));
      }
      return Optional.empty();
    }
    YamlFields metadata = root.map("metadata");
    String text = metadata.requireString("name");
    boolean named = Names.isName(text);
    if (!text.isEmpty() && !named) {
      metadata.error(
          "name",
          "DV022",
          "not a name",
          "Names have lower-case letters, digits, \"-\", \".\" and \"_\", start and end with a letter or digit,",
          "and are 63 characters long at most.");
    }
    Map<String, String> labels = labels(metadata);
    root.has("spec");
    return Optional.of(new Envelope(declared, text, labels, root, named));
  }

  /** An anchor, or an {@code agent.yaml}: kept here by many, and read by devices alone. */
  private static boolean isForDevices(YamlDocument document, String kind) {
    String file = document.position(document.root()).file();
    boolean agent =
        AGENT_FILE.matcher(file.substring(file.lastIndexOf('/') + 1)).matches();
    return kind.equals("Anchor") && scalar(document.root(), "apiVersion").equals(API_VERSION)
        || agent && kind.isEmpty() && scalar(document.root(), "apiVersion").isEmpty();
  }

  private static boolean apiVersion(YamlFields root) {
    if (!root.has("apiVersion")) {
      root.error(
          "apiVersion",
          "DV020",
          "missing apiVersion",
          "Every YAML document here needs apiVersion: " + API_VERSION + ".",
          "Move files of other programs to a folder whose name starts with a dot.");
      return false;
    }
    String version = root.requireString("apiVersion");
    if (!version.equals(API_VERSION) && !version.isEmpty()) {
      root.error(
          "apiVersion",
          "DV020",
          "unknown apiVersion \"" + version + "\"",
          "This version of dVault reads " + API_VERSION + ".");
    }
    return version.equals(API_VERSION);
  }

  private static Map<String, String> labels(YamlFields metadata) {
    Map<String, String> labels = metadata.stringMap("labels");
    labels.forEach((key, value) -> {
      if (!isLabelKey(key) || !isLabelValue(value)) {
        metadata
            .map("labels")
            .error(
                key,
                "DV022",
                "not a label",
                "Keys and values have letters, digits, \"-\", \".\" and \"_\", and are 63 characters long at most.");
      }
    });
    return labels;
  }

  static boolean isLabelKey(String text) {
    return LABEL_KEY.matcher(text).matches();
  }

  static boolean isLabelValue(String text) {
    return LABEL_VALUE.matcher(text).matches();
  }

  private static String scalar(YamlNode node, String key) {
    return node instanceof Mapping mapping
            && mapping.fields().containsKey(key)
            && mapping.fields().get(key).value() instanceof Scalar scalar
        ? scalar.text()
        : "";
  }

  YamlFields spec() {
    return root.map("spec");
  }

  String subject() {
    return kind + " \"" + name + "\"";
  }

  void finish() {
    root.finish();
  }

  static List<String> coreKinds() {
    return List.of("Vault", "Device", "Authority", "Moved", "TrustPolicy", "PolicyTest");
  }
}
