package io.dvault.config;

import io.dvault.bundle.Recipient;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.model.DeviceId;
import io.dvault.model.VaultId;
import io.dvault.yaml.Fields;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads {@code kind: Device}, as {@code dvault-agent enroll} prints it. */
final class DeviceParser {
  private final Optional<VaultId> vault;
  private final Map<String, String> recipients = new HashMap<>();
  private final Map<String, String> signers = new HashMap<>();

  /** @param vault empty before the vault is created: then no proof can hold or fail */
  DeviceParser(Optional<VaultId> vault) {
    this.vault = vault;
  }

  /** The device, also when something is wrong with it, so that what names it is not told off for that. */
  DeviceDeclaration parse(Envelope envelope) {
    Fields spec = envelope.spec();
    String text = spec.requireString("recipient");
    boolean classic = spec.bool("classic", false);
    Optional<Recipient> recipient = Recipients.check(spec, "recipient", text);
    if (recipient.isPresent() && !recipient.get().isPostQuantum() && !classic) {
      spec.error("recipient", "DV029", "classic recipient",
          "What is sealed to it today can be opened by a quantum computer later. Enrol the device with a hybrid identity",
          "(age1pq1…, the default), or say classic: true to accept that.");
    } else if (recipient.isPresent() && recipient.get().isPostQuantum() && classic) {
      spec.warning("classic", "DV029", "\"classic\" is not needed", "This recipient is a hybrid one.");
    }
    String signer = spec.requireString("signer");
    boolean signs = signer(spec, signer);
    String proof = spec.requireString("proof");
    if (recipient.isPresent() && signs && envelope.whole() && !proof.isEmpty()) {
      proof(spec, envelope.name(), text, signer, proof);
    }
    unique(spec, "recipient", text, recipients, envelope.name());
    unique(spec, "signer", signer, signers, envelope.name());
    return new DeviceDeclaration(
        envelope.name(), envelope.labels(), text, signer, classic, DeviceId.ofRecipient(text), envelope.root().position());
  }

  private static boolean signer(Fields spec, String signer) {
    if (signer.isEmpty()) {
      return false;
    }
    try {
      DeviceEnrolment.parseSigner(signer);
      return true;
    } catch (IllegalArgumentException e) {
      spec.error("signer", "DV030", "not a signer", "It is the base64 of an Ed25519 public key, as `dvault-agent enroll` prints it.");
      return false;
    }
  }

  private void proof(Fields spec, String name, String recipient, String signer, String proof) {
    if (vault.isPresent() && !new DeviceEnrolment(vault.get(), name, recipient, signer).proves(proof)) {
      spec.error("proof", "DV031", "proof does not hold",
          "It ties name, recipient and signer to one vault, and one of these is not what the device signed.",
          "Paste what `dvault-agent enroll` prints as it is; only labels are yours to change.");
    }
  }

  private static void unique(Fields spec, String key, String value, Map<String, String> seen, String name) {
    String first = value.isEmpty() ? null : seen.putIfAbsent(value, name);
    if (first != null) {
      spec.error(key, "DV032", "this " + key + " stands twice",
          "Device \"" + first + "\" has it too. Each device has an identity of its own.");
    }
  }
}
