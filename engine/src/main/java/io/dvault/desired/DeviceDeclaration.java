package io.dvault.desired;

import io.dvault.model.DeviceId;
import io.dvault.model.SourcePosition;
import io.dvault.spi.DeviceView;
import java.util.Map;

/**
 * A declared device.
 *
 * @param recipient age recipient string
 * @param signer base64 of the Ed25519 key that signs its receipts
 * @param proof base64 of the device's signature over name, recipient, signer and vault; see {@code workflow.Enrolments}
 * @param classic whether a recipient that a quantum computer could break was chosen
 * @param proofPosition where {@code proof} is declared
 */
public record DeviceDeclaration(
    String name,
    Map<String, String> labels,
    String recipient,
    String signer,
    String proof,
    boolean classic,
    DeviceId id,
    SourcePosition position,
    SourcePosition proofPosition) {
  public DeviceDeclaration {
    labels = Map.copyOf(labels);
  }

  /** Whether {@code choice} means this device: its name or {@code label=value}; both may be patterns. */
  public boolean isChosenBy(String choice) {
    int equals = choice.indexOf('=');
    if (equals < 0) {
      return Glob.matches(choice, name);
    }
    String value = labels.get(choice.substring(0, equals));
    return value != null && Glob.matches(choice.substring(equals + 1), value);
  }

  public DeviceView view() {
    return new DeviceView(name, id, labels);
  }
}
