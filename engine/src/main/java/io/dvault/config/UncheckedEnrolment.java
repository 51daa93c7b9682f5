package io.dvault.config;

import io.dvault.bundle.Recipient;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;

/**
 * An enrolment as the YAML has it, read and not yet checked.
 *
 * @param digest what {@link EnrolmentCache} knows it by
 */
public record UncheckedEnrolment(
    Bytes32 digest, VaultId vault, String device, String recipient, String signer, String proof) {

  /** Whether recipient, signer and proof are what they should be; about 0.1 ms of work. */
  public boolean holds() {
    try {
      return Recipient.parse(recipient).toString().equals(recipient)
          && new DeviceEnrolment(vault, device, recipient, signer).proves(proof);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
