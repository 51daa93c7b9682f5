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
    FileText recipient,
    boolean classic,
    String signer,
    FileText proof,
    DeviceId id,
    SourcePosition position) {
  private static final String HYBRID = "age1pq1";

  static Enrolled read(Envelope envelope) {
    Fields spec = envelope.spec();
    String recipient = spec.requireString("recipient");
    boolean classic = spec.bool("classic", false);
    String signer = spec.requireString("signer");
    String proof = spec.requireString("proof");
    return new Enrolled(envelope.name(), envelope.labels(), FileText.of(recipient), classic, signer, FileText.of(proof),
        DeviceId.ofRecipient(recipient), envelope.root().position());
  }

  boolean isHybrid() {
    return recipient.startsWith(HYBRID);
  }

  /** What {@link EnrolmentCache} knows it by. */
  Bytes32 digest(Optional<VaultId> vault) {
    return EnrolmentCache.digest(vault, name, id, signer, proof.toString());
  }

  DeviceDeclaration declaration() {
    return new DeviceDeclaration(name, labels, recipient, signer, classic, id, position);
  }
}
