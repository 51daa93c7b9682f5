package io.dvault.config;

import io.dvault.bundle.Recipient;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.yaml.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code kind: Device}, as {@code dvault-agent enroll} prints it. */
final class DeviceParser {
  private final Optional<VaultId> vault;
  private final EnrolmentCache cache;

  /** @param vault empty before the vault is created: then no proof can hold or fail */
  DeviceParser(Optional<VaultId> vault, EnrolmentCache cache) {
    this.vault = vault;
    this.cache = cache;
  }

  /**
   * The device, also when something is wrong with it, so that what names it is not told off for that. May run in many
   * threads, one an envelope.
   */
  DeviceDeclaration parse(Envelope envelope) {
    Enrolled device = Enrolled.read(envelope);
    Bytes32 digest = device.digest(vault);
    boolean readable = vault.isPresent() && envelope.whole();
    if (readable && (cache.holds(digest) || cache.defers(new UncheckedEnrolment(vault.get(), device)))) {
      classic(envelope.spec(), device);
    } else if (check(envelope, device)) {
      cache.add(digest);
    }
    return device.declaration();
  }

  /** Without the checks that the cache is asked about. */
  static Enrolled read(Envelope envelope) {
    Enrolled device = Enrolled.read(envelope);
    classic(envelope.spec(), device);
    return device;
  }

  private static void classic(Fields spec, Enrolled device) {
    classic(spec, device.isHybrid(), device.classic());
  }

  /** Whether all that cannot change as long as the texts are the same is right. */
  private boolean check(Envelope envelope, Enrolled device) {
    Fields spec = envelope.spec();
    String text = device.recipient().toString();
    String proof = device.proof().toString();
    Optional<Recipient> recipient = Recipients.check(spec, "recipient", text);
    recipient.ifPresent(known -> classic(spec, known.isPostQuantum(), device.classic()));
    boolean signs = signer(spec, device.signer());
    return recipient.isPresent() && signs && envelope.whole() && !proof.isEmpty()
        && proof(spec, envelope.name(), text, device.signer(), proof);
  }

  private static void classic(Fields spec, boolean hybrid, boolean classic) {
    if (!hybrid && !classic) {
      spec.error("recipient", "DV029", "classic recipient",
          "What is sealed to it today can be opened by a quantum computer later. Enrol the device with a hybrid",
          "identity (age1pq1…, the default), or say classic: true to accept that.");
    } else if (hybrid && classic) {
      spec.warning("classic", "DV029", "\"classic\" is not needed", "This recipient is a hybrid one.");
    }
  }

  private static boolean signer(Fields spec, String signer) {
    if (signer.isEmpty()) {
      return false;
    }
    try {
      DeviceEnrolment.parseSigner(signer);
      return true;
    } catch (IllegalArgumentException e) {
      spec.error("signer", "DV030", "not a signer",
          "It is the base64 of an Ed25519 public key, as `dvault-agent enroll` prints it.");
      return false;
    }
  }

  /** True when it holds, and there is a vault that it can hold for. */
  private boolean proof(Fields spec, String name, String recipient, String signer, String proof) {
    if (vault.isEmpty()) {
      return false;
    }
    boolean holds = new DeviceEnrolment(vault.get(), name, recipient, signer).proves(proof);
    if (!holds) {
      spec.error("proof", "DV031", "proof does not hold",
          "It ties name, recipient and signer to one vault, and one of these is not what the device signed.",
          "Paste what `dvault-agent enroll` prints as it is; only labels are yours to change.");
    }
    return holds;
  }

  /** Tells of recipients and signers that stand twice. */
  static void unique(List<Envelope> envelopes, List<DeviceDeclaration> devices) {
    Map<String, String> recipients = new HashMap<>();
    Map<String, String> signers = new HashMap<>();
    for (int i = 0; i < devices.size(); i++) {
      DeviceDeclaration device = devices.get(i);
      unique(envelopes.get(i).spec(), "recipient", device.recipient().toString(), recipients, device.name());
      unique(envelopes.get(i).spec(), "signer", device.signer(), signers, device.name());
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
