package io.dvault.cli;

import io.dvault.bundle.Identity;
import io.dvault.crypto.Ed25519Key;
import io.dvault.enrolment.DeviceEnrolment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** Devices with real recipients and proofs, a certificate for each, and a policy: what {@link Warmup} issues. */
final class TrainingFleet {
  static final String AUTHORITY = "warm-up";
  private static final int FILES = 8;
  private static final int PER_FILE = 250;

  private TrainingFleet() {}

  /** In the folder of a {@link TrainingVault}. */
  static void write(Path folder, SecureRandom random) throws IOException {
    for (int file = 0; file < FILES; file++) {
      StringBuilder devices = new StringBuilder();
      for (int i = 0; i < PER_FILE; i++) {
        devices.append(device("device-" + file + "-" + i, random));
      }
      Files.writeString(folder.resolve("devices-" + file + ".yaml"), devices);
    }
    Files.writeString(folder.resolve("ssh.yaml"), """
        apiVersion: dvault.io/v1
        kind: SshCertificate
        metadata: {name: sshd-host}
        spec:
          authority: %s
          type: host
          devices: {selector: {role: drone}}
          principals: ["{device}.fleet.example"]
          ttl: 7d
          renewBefore: 2d
          install: {path: /etc/ssh/dvault, action: reload-sshd}
        """.formatted(AUTHORITY));
    Files.writeString(folder.resolve("policies.yaml"), """
        apiVersion: dvault.io/v1
        kind: TrustPolicy
        metadata: {name: warm-up}
        spec:
          rules:
            - {name: short, when: change.kind == "Grant", require: change.ttl <= duration("15m")}
            - name: named
              require: change.kind.matches("^[A-Z]") && change.principals.all(each, each != "*")
              messageExpression: '"not for " + change.kind'
            - {name: few, over: plan, action: warn, require: plan.revocations <= 3}
        """);
  }

  private static String device(String name, SecureRandom random) {
    try (Ed25519Key key = Ed25519Key.generate(random); Identity identity = Identity.generate(random)) {
      String signer = Base64.getEncoder().encodeToString(key.publicKey());
      String recipient = identity.recipient().toString();
      DeviceEnrolment asked = new DeviceEnrolment(TrainingVault.ID, name, recipient, signer);
      String proof = Base64.getEncoder().encodeToString(key.sign(asked.message()));
      return """
          ---
          apiVersion: dvault.io/v1
          kind: Device
          metadata: {name: %s, labels: {role: drone}}
          spec:
            recipient: %s
            signer: "%s"
            proof: "%s"
          """.formatted(name, recipient, signer, proof);
    }
  }
}
