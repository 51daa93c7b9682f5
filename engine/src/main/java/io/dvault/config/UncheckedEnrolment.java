package io.dvault.config;

import io.dvault.bundle.Recipient;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.util.Optional;

/** An enrolment as the YAML has it, read and not yet checked. */
public final class UncheckedEnrolment {
  private final VaultId vault;
  private final Enrolled device;

  UncheckedEnrolment(VaultId vault, Enrolled device) {
    this.vault = vault;
    this.device = device;
  }

  /** The device's name. */
  public String device() {
    return device.name();
  }

  /** What {@link EnrolmentCache} knows it by; found out at each call. */
  public Bytes32 digest() {
    return device.digest(Optional.of(vault));
  }

  /** Whether recipient, signer and proof are what they should be; about 0.1 ms of work. */
  public boolean holds() {
    String recipient = device.recipient().toString();
    try {
      return Recipient.parse(recipient).toString().equals(recipient)
          && new DeviceEnrolment(vault, device.name(), recipient, device.signer()).proves(device.proof().toString());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
