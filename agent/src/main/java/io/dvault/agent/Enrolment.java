package io.dvault.agent;

import io.dvault.bundle.Identity;
import io.dvault.bundle.IdentityFile;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.AnchorYaml;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Names;
import io.dvault.model.SecretBytes;
import io.dvault.trust.TrustState;
import io.dvault.trust.TrustStore;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * The device's own keys and what it pins, on disk. Each file is made once and then only read, so that a run that was cut
 * short is finished by the next one, and a finished one prints the same again.
 */
final class Enrolment {
  private static final int SEED = 32;

  /** No device enrolled before this program existed: a clock that says so is wrong. */
  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");

  private final Layout layout;
  private final DurableFiles files;
  private final SecureRandom random;

  Enrolment(Layout layout, DurableFiles files, SecureRandom random) {
    this.layout = layout;
    this.files = files;
    this.random = random;
  }

  /** Checks an anchor against its chain, before it is pinned. */
  @FunctionalInterface
  interface AnchorCheck {
    void check(Anchor anchor);
  }

  /** Returns the Device YAML. {@code now} only counts at the first run. */
  String enroll(
      Anchor anchor, String name, SortedMap<String, String> labels, boolean classic, Instant now, AnchorCheck check)
      throws IOException {
    requireNames(name, labels);
    DurableFiles.folders(layout.state(), 0711); // services reach their files through it; the private ones are 0600
    TrustStore store = new TrustStore(layout.trust(), files);
    if (store.exists() && !store.read().isOf(anchor)) {
      throw new DiagnosticException(Diagnostic.error("DV502", "this device is enrolled elsewhere",
          layout.trust() + " pins another vault, chain or contract than the anchor.",
          "Use another --root, or remove " + layout.state() + " to give up the device's identity."));
    }
    try (Identity identity = makeIdentity(classic, now)) {
      Ed25519PrivateKeyParameters signer = makeSigner();
      String yaml = deviceYaml(anchor, name, labels, identity, signer);
      if (Files.exists(layout.deviceYaml()) && !Files.readString(layout.deviceYaml()).equals(yaml)) {
        throw new DiagnosticException(Diagnostic.error("DV502", "this device is enrolled under another name or labels",
            "See " + layout.deviceYaml() + ".", "Change labels in the repository's Device YAML, not here."));
      }
      if (!store.exists()) {
        check.check(anchor);
        files.replace(layout.anchor(), AnchorYaml.write(anchor).getBytes(StandardCharsets.UTF_8), 0644);
        store.write(TrustState.pinned(anchor, now.isAfter(EARLIEST) ? now : EARLIEST));
      }
      if (!Files.exists(layout.config())) {
        writeDefaultConfig();
      }
      if (!Files.exists(layout.deviceYaml())) {
        files.replace(layout.deviceYaml(), yaml.getBytes(StandardCharsets.UTF_8), 0644);
      }
      return yaml;
    }
  }

  private static void requireNames(String name, SortedMap<String, String> labels) {
    if (!Names.isName(name)) {
      throw new DiagnosticException(Diagnostic.error("DV500", "not a device name: \"" + name + "\"",
          "Use lower-case letters, digits, - . and _; 63 at most."));
    }
    labels.forEach((key, value) -> {
      if (!Names.isName(key) || !Names.isName(value)) {
        throw new DiagnosticException(Diagnostic.error("DV500", "not a label: \"" + key + "=" + value + "\"",
            "Key and value are of lower-case letters, digits, - . and _; 63 at most."));
      }
    });
  }

  private Identity makeIdentity(boolean classic, Instant now) throws IOException {
    if (!Files.exists(layout.identity())) {
      try (Identity fresh = classic ? Identity.generateClassic(random) : Identity.generate(random);
          SecretBytes text = IdentityFile.write(fresh, now)) {
        files.replace(layout.identity(), text.borrow(), 0600);
      }
    }
    return identity(layout);
  }

  private Ed25519PrivateKeyParameters makeSigner() throws IOException {
    if (!Files.exists(layout.signer())) {
      byte[] seed = new byte[SEED];
      random.nextBytes(seed);
      byte[] text = Base64.getEncoder().encode(seed);
      files.replace(layout.signer(), text, 0600);
      Arrays.fill(seed, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
    return signer(layout);
  }

  private void writeDefaultConfig() throws IOException {
    DurableFiles.folders(layout.config().getParent(), 0755);
    try (InputStream in = Enrolment.class.getResourceAsStream("agent.yaml")) {
      if (in == null) {
        throw new IllegalStateException("agent.yaml is part of the jar");
      }
      files.replace(layout.config(), in.readAllBytes(), 0644);
    }
  }

  private static String deviceYaml(
      Anchor anchor, String name, SortedMap<String, String> labels, Identity identity, Ed25519PrivateKeyParameters signer) {
    DeviceEnrolment device = new DeviceEnrolment(anchor.vault(), name, identity.recipient().toString(),
        DeviceEnrolment.signerText(signer.generatePublicKey()));
    StringBuilder yaml = new StringBuilder("apiVersion: dvault.io/v1\nkind: Device\nmetadata:\n  name: ");
    yaml.append(quotedIfNeeded(name)).append('\n');
    if (!labels.isEmpty()) {
      yaml.append("  labels:\n");
      labels.forEach((key, value) ->
          yaml.append("    ").append(quotedIfNeeded(key)).append(": ").append(quotedIfNeeded(value)).append('\n'));
    }
    return yaml.append("spec:\n  recipient: \"").append(device.recipient())
        .append("\"\n  signer: \"").append(device.signer())
        .append("\"\n  proof: \"").append(device.prove(signer)).append("\"\n").toString();
  }

  /** Names such as 7, 1e3, no or null would read as something other than text. */
  private static String quotedIfNeeded(String text) {
    return text.matches("[a-z][a-z0-9-]{2,}") && !List.of("true", "false", "null", "yes", "off").contains(text)
        ? text
        : "\"" + text + "\"";
  }

  /** The identity on disk; the caller closes it. */
  static Identity identity(Layout layout) throws IOException {
    byte[] file = readKey(layout.identity());
    try {
      return IdentityFile.parse(file).getFirst();
    } catch (IllegalArgumentException e) {
      throw broken(layout.identity(), e.getMessage());
    } finally {
      Arrays.fill(file, (byte) 0);
    }
  }

  static Ed25519PrivateKeyParameters signer(Layout layout) throws IOException {
    byte[] file = readKey(layout.signer());
    try {
      byte[] seed = Base64.getDecoder().decode(file);
      if (seed.length != SEED) {
        throw broken(layout.signer(), "it has " + seed.length + " bytes, expected " + SEED);
      }
      return new Ed25519PrivateKeyParameters(seed);
    } catch (IllegalArgumentException e) {
      throw broken(layout.signer(), "it is not base64");
    } finally {
      Arrays.fill(file, (byte) 0);
    }
  }

  private static byte[] readKey(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw notEnrolled(file);
    }
  }

  private static DiagnosticException broken(Path file, String why) {
    return new DiagnosticException(Diagnostic.error("DV505", "a key of this device cannot be used", file + ": " + why + ".",
        "Restore it from a backup, or remove the state folder and enrol anew under the same name."));
  }

  static DiagnosticException notEnrolled(Path missing) {
    return new DiagnosticException(Diagnostic.error("DV501", "this device is not enrolled", "There is no " + missing + ".",
        "Run `dvault-agent enroll --anchor anchor.yaml --name NAME` first (and name the same --root)."));
  }

  /** Reads an anchor file, the admin's or the pinned copy. */
  static Anchor anchor(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new DiagnosticException(Diagnostic.error("DV510", "the anchor cannot be read", "There is no readable " + file + ".",
          "Print one with `dvault anchor > anchor.yaml` in the vault's repository."));
    }
    Findings findings = new Findings();
    YamlFields fields = YamlFields.parse(file.toString(), Files.readString(file), findings);
    Optional<Anchor> anchor = AnchorYaml.read(fields);
    fields.finish();
    if (findings.hasErrors()) {
      throw new DiagnosticException(findings.sorted());
    }
    return anchor.orElseThrow(() -> new IllegalStateException("an anchor without findings is whole"));
  }
}
