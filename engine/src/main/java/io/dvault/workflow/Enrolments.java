package io.dvault.workflow;

import io.dvault.desired.DeviceDeclaration;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether devices signed what the repository says of them: name, recipient and signer, for one vault. */
public final class Enrolments {
  private Enrolments() {}

  /** One DV031 for each device whose proof does not hold; about 0.1 ms of work a device, on all processors. */
  public static List<Diagnostic> faults(VaultId vault, Collection<DeviceDeclaration> devices) {
    return devices.parallelStream()
        .flatMap(device -> fault(vault, device).stream())
        .toList();
  }

  /** Throws what {@link #faults} finds. */
  public static void require(VaultId vault, Collection<DeviceDeclaration> devices) {
    List<Diagnostic> faults = faults(vault, devices);
    if (!faults.isEmpty()) {
      throw new DiagnosticException(faults);
    }
  }

  private static Optional<Diagnostic> fault(VaultId vault, DeviceDeclaration device) {
    boolean holds = new DeviceEnrolment(vault, device.name(), device.recipient(), device.signer())
        .proves(device.proof());
    return holds
        ? Optional.empty()
        : Optional.of(Diagnostic.error(
                "DV031",
                "proof does not hold",
                "The device signed another name, recipient, signer or vault than what the repository has.",
                "Paste what `dvault-agent enroll` prints as it is; only labels are yours to change.")
            .at(device.proofPosition())
            .on("Device \"" + device.name() + "\""));
  }
}
