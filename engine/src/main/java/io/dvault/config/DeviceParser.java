package io.dvault.config;

import io.dvault.bundle.Recipient;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.model.DeviceId;
import io.dvault.yaml.Fields;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads {@code kind: Device}, as {@code dvault-agent enroll} prints it. Whether its proof holds is checked where
 * something relies on it, by {@code workflow.Enrolments}.
 */
final class DeviceParser {
  private DeviceParser() {}

  /** The device, also when something is wrong with it, so that what names it gets no finding for that. */
  static DeviceDeclaration parse(Envelope envelope) {
    Fields spec = envelope.spec();
    String recipient = spec.requireString("recipient");
    boolean classic = spec.bool("classic", false);
    String signer = spec.requireString("signer");
    String proof = spec.requireString("proof");
    Optional<Recipient> known = Recipients.check(spec, "recipient", recipient);
    known.ifPresent(each -> classic(spec, each.isPostQuantum(), classic));
    check(
        spec,
        "signer",
        signer,
        DeviceEnrolment::parseSigner,
        "DV030",
        "not a signer",
        "It is the base64 of an Ed25519 public key, as `dvault-agent enroll` prints it.");
    check(
        spec,
        "proof",
        proof,
        DeviceEnrolment::requireProof,
        "DV031",
        "not a proof",
        "It is the base64 of an Ed25519 signature, as `dvault-agent enroll` prints it.");
    return new DeviceDeclaration(
        envelope.name(),
        envelope.labels(),
        recipient,
        signer,
        proof,
        classic,
        DeviceId.ofRecipient(recipient),
        envelope.root().position(),
        spec.position("proof"));
  }

  private static void classic(Fields spec, boolean hybrid, boolean classic) {
    if (!hybrid && !classic) {
      spec.error(
          "recipient",
          "DV029",
          "classic recipient",
          "What is sealed to it today can be opened by a quantum computer later. Enroll the device with a hybrid",
          "identity (age1pq1…, the default), or set classic: true to accept that.");
    } else if (hybrid && classic) {
      spec.warning(
          "classic", "DV029", "\"classic\" is not needed", "This recipient is a hybrid one.");
    }
  }

  /** An empty text has its finding already. */
  private static void check(
      Fields spec,
      String key,
      String text,
      Consumer<String> check,
      String code,
      String summary,
      String detail) {
    try {
      if (!text.isEmpty()) {
        check.accept(text);
      }
    } catch (IllegalArgumentException e) {
      spec.error(key, code, summary, detail);
    }
  }
}
