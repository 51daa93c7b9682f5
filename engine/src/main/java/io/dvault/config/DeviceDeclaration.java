package io.dvault.config;

import io.dvault.model.DeviceId;
import io.dvault.model.SourcePosition;
import io.dvault.spi.DeviceView;
import java.util.Map;

/**
 * A declared device.
 *
 * @param recipient age recipient string
 * @param signer base64 of the Ed25519 key that signs its receipts
 * @param classic whether a recipient that a quantum computer could break was chosen
 */
public record DeviceDeclaration(
    String name,
    Map<String, String> labels,
    String recipient,
    String signer,
    boolean classic,
    DeviceId id,
    SourcePosition position) {
  public DeviceDeclaration {
    labels = Map.copyOf(labels);
  }

  public DeviceView view() {
    return new DeviceView(name, id, labels);
  }
}
