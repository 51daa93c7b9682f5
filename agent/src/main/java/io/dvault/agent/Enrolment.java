package io.dvault.agent;

import io.dvault.bundle.Identity;
import io.dvault.crypto.Ed25519Key;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.AnchorYaml;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Names;
import io.dvault.trust.TrustState;
import io.dvault.trust.TrustStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * The device's own keys and what it pins, on disk. Each file is made once and then only read, so
 * that a run that was cut
 * short is finished by the next one, and a finished one prints the same again.
 */
final class Enrolment {
  /** Where the vault's {@code devices/} finds the schema that {@code dvault init} and {@code dvault schema} write. */
  private static final String EDITORS =
      "# yaml-language-server: $schema=../.dvault/schemas/dvault.schema.json\n";

  /** No device enrolled before this program existed: a clock that says so is wrong. */
  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

  private final Layout layout;
  private final DurableFiles files;
  private final DeviceKeys keys;

  Enrolment(Layout layout, DurableFiles files, SecureRandom random) {
    this.layout = layout;
    this.files = files;
    this.keys = new DeviceKeys(layout, files, random);
  }

  /** Checks an anchor against its chain, before it is pinned. */
  @FunctionalInterface
  interface AnchorCheck {
    void check(Anchor anchor);
  }

  /** Returns the Device YAML. {@code now} only counts at the first run. */
  String enroll(
      Anchor anchor,
      String name,
      SortedMap<String, String> labels,
      boolean classic,
      Instant now,
      AnchorCheck check)
      throws IOException {
    requireNames(name, labels);
    DurableFiles.folders(
        layout.state(), 0711); // services reach their files through it; the private ones are 0600
    TrustStore store = new TrustStore(layout.trust(), files);
    if (store.exists() && !store.read().isOf(anchor)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV502",
          "this device is enrolled elsewhere",
          layout.trust() + " pins another vault, chain or contract than the anchor.",
          "Use another --root, or remove " + layout.state()
              + " to give up the device's identity."));
    }
    try (Identity identity = keys.identity(classic, now);
        Ed25519Key signer = keys.signer()) {
      String yaml = deviceYaml(anchor, name, labels, identity, signer);
      if (Files.exists(layout.deviceYaml())
          && !Files.readString(layout.deviceYaml()).equals(yaml)) {
        throw new DiagnosticException(Diagnostic.error(
            "DV502",
            "this device is enrolled under another name or labels",
            "See " + layout.deviceYaml() + ".",
            "Change labels in the repository's Device YAML, not here."));
      }
      pin(anchor, store, now, check);
      if (!Files.exists(layout.config())) {
        writeDefaultConfig();
      }
      if (!Files.exists(layout.deviceYaml())) {
        files.replace(layout.deviceYaml(), yaml.getBytes(StandardCharsets.UTF_8), 0644);
      }
      return yaml;
    }
  }

  /** Pins what the anchor says; of one that is pinned already, only endpoints and gateways are taken anew. */
  private void pin(Anchor anchor, TrustStore store, Instant now, AnchorCheck check)
      throws IOException {
    byte[] text = AnchorYaml.write(anchor).getBytes(StandardCharsets.UTF_8);
    boolean pinned = store.exists();
    if (pinned
        && Files.exists(layout.anchor())
        && Arrays.equals(Files.readAllBytes(layout.anchor()), text)) {
      return;
    }
    check.check(anchor);
    files.replace(layout.anchor(), text, 0644);
    if (!pinned) {
      store.write(TrustState.pinned(anchor, now.isAfter(EARLIEST) ? now : EARLIEST));
    }
  }

  private static void requireNames(String name, SortedMap<String, String> labels) {
    if (!Names.isName(name)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV500",
          "not a device name: \"" + name + "\"",
          "Use lower-case letters, digits, - . and _; 63 at most."));
    }
    labels.forEach((key, value) -> {
      if (!Names.isName(key) || !Names.isName(value)) {
        throw new DiagnosticException(Diagnostic.error(
            "DV500",
            "not a label: \"" + key + "=" + value + "\"",
            "Use lower-case letters, digits, - . and _ in key and value; 63 at most."));
      }
    });
  }

  private void writeDefaultConfig() throws IOException {
    DurableFiles.folders(layout.config().getParent(), 0755);
    files.replace(layout.configSchema(), resource("/io/dvault/schemas/agent.schema.json"), 0644);
    files.replace(layout.config(), resource("agent.yaml"), 0644);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Enrolment.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is part of the jar");
      }
      return in.readAllBytes();
    }
  }

  private static String deviceYaml(
      Anchor anchor,
      String name,
      SortedMap<String, String> labels,
      Identity identity,
      Ed25519Key signer) {
    DeviceEnrolment device = new DeviceEnrolment(
        anchor.vault(),
        name,
        identity.recipient().toString(),
        DeviceEnrolment.signerText(signer.publicKey()));
    StringBuilder yaml = new StringBuilder(EDITORS)
        .append("apiVersion: dvault.io/v1\nkind: Device\nmetadata:\n  name: ");
    yaml.append(quotedIfNeeded(name)).append('\n');
    if (!labels.isEmpty()) {
      yaml.append("  labels:\n");
      labels.forEach((key, value) -> yaml.append("    ")
          .append(quotedIfNeeded(key))
          .append(": ")
          .append(quotedIfNeeded(value))
          .append('\n'));
    }
    return yaml.append("spec:\n  recipient: \"")
        .append(device.recipient())
        .append("\"\n  signer: \"")
        .append(device.signer())
        .append("\"\n  proof: \"")
        .append(device.prove(signer))
        .append("\"\n")
        .toString();
  }

  /** Names such as 7, 1e3, no or null would read as something other than text. */
  private static String quotedIfNeeded(String text) {
    return text.matches("[a-z][a-z0-9-]{2,}")
            && !List.of("true", "false", "null", "yes", "off").contains(text)
        ? text
        : "\"" + text + "\"";
  }

  /**
   * That there is a Device YAML; a folder that may not be entered is another matter, told as the
   * I/O error that it is.
   */
  static void requireDone(Layout layout) throws IOException {
    try {
      Files.readAttributes(layout.deviceYaml(), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw notEnrolled(layout.deviceYaml());
    }
  }

  private static DiagnosticException notEnrolled(Path missing) {
    return new DiagnosticException(Diagnostic.error(
        "DV501",
        "this device is not enrolled",
        "There is no " + missing + ".",
        "Run `dvault-agent enroll --anchor anchor.yaml --name NAME` first, with the same --root."));
  }
}
