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

  /** One DV031 for each device whose invalid enrollment proof; about 0.1 ms of work a device, on all processors. */
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
                "invalid enrollment proof",
                "The device signed a different name, recipient, signer or vault.",
                "Use the output of `dvault-agent enroll` unchanged, except for labels.")
            .at(device.proofPosition())
            .on("Device \"" + device.name() + "\""));
  }
}
