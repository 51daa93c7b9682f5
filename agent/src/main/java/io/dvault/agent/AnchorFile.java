package io.dvault.agent;

import io.dvault.ledger.Anchor;
import io.dvault.ledger.AnchorYaml;
import io.dvault.yaml.YamlFields;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads an anchor file, the admin's or the pinned copy. */
final class AnchorFile {
  private AnchorFile() {}

  /** The one that somebody brought to be pinned. */
  static Anchor given(Path file) throws IOException {
    return read(file, "Print one with `dvault anchor > anchor.yaml` in the vault's repository.");
  }

  /** The copy in the state folder. */
  static Anchor pinned(Path file) throws IOException {
    return read(
        file,
        "Run `dvault-agent enroll` again, with the vault's anchor and this device's name: it puts the copy back.");
  }

  private static Anchor read(Path file, String wayOut) throws IOException {
    return new YamlFile(file, AnchorYaml.CODE, "the anchor cannot be read", wayOut)
        .<Optional<Anchor>>read((fields, findings) -> anchor(fields, wayOut))
        .orElseThrow(() -> new IllegalStateException("an anchor without findings is whole"));
  }

  private static Optional<Anchor> anchor(YamlFields fields, String wayOut) {
    if (fields.findString("kind").equals(Optional.of("Anchor"))) {
      return AnchorYaml.read(fields);
    }
    fields.error("kind", AnchorYaml.CODE, "not an anchor", wayOut);
    fields.keys(); // what else is in it is no news
    return Optional.empty();
  }
}
