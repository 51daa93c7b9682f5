package io.dvault.config;

import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.SourcePosition;
import io.dvault.model.VaultId;
import io.dvault.yaml.Fields;
import java.util.Map;
import java.util.Optional;

/** What the YAML says of a device, read and not checked. */
record Enrolled(
    String name,
    Map<String, String> labels,
    String recipient,
    boolean classic,
    String signer,
    String proof,
    DeviceId id,
    SourcePosition position) {

  static Enrolled read(Envelope envelope) {
    Fields spec = envelope.spec();
    String recipient = spec.requireString("recipient");
    boolean classic = spec.bool("classic", false);
    String signer = spec.requireString("signer");
    String proof = spec.requireString("proof");
    return new Enrolled(envelope.name(), envelope.labels(), recipient, classic, signer, proof,
        DeviceId.ofRecipient(recipient), envelope.root().position());
  }

  /** What {@link EnrolmentCache} knows it by. */
  Bytes32 digest(Optional<VaultId> vault) {
    return EnrolmentCache.digest(vault, name, id, signer, proof);
  }

  UncheckedEnrolment unchecked(VaultId vault) {
    return new UncheckedEnrolment(digest(Optional.of(vault)), vault, name, recipient, signer, proof);
  }

  DeviceDeclaration declaration() {
    return new DeviceDeclaration(name, labels, recipient, signer, classic, id, position);
  }
}
