import io.dvault.bundle.Identity;
import io.dvault.crypto.Ed25519Key;
import io.dvault.enrolment.DeviceEnrolment;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.stream.IntStream;

/**
 * Writes a fleet for benchmarks: {@code FleetMaker FOLDER COUNT VAULT-ID} makes {@code devices/}
 * (1,000 devices a file, each
 * with a real hybrid recipient and a real proof), an authority and one SSH certificate for every device. Run with
 * {@code java -cp 'engine/target/dist/lib/*' engine/src/bench/java/FleetMaker.java}.
 */
final class FleetMaker {
  private static final int PER_FILE = 1000;

  private FleetMaker() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    VaultId vault = VaultId.parse(arguments[2]);
    Files.createDirectories(folder.resolve("devices"));
    Files.createDirectories(folder.resolve("authorities"));
    IntStream.range(0, (count + PER_FILE - 1) / PER_FILE).parallel().forEach(file -> write(folder, vault, file, count));
    Files.writeString(folder.resolve("authorities/fleet-ssh.yaml"), """
        apiVersion: dvault.io/v1
        kind: Authority
        metadata: {name: fleet-ssh}
        spec: {type: ssh, key: {type: ed25519}}
        """);
    Files.writeString(folder.resolve("ssh.yaml"), """
        apiVersion: dvault.io/v1
        kind: SshCertificate
        metadata: {name: sshd-host}
        spec:
          authority: fleet-ssh
          type: host
          devices: {selector: {role: drone}}
          principals: ["{device}.fleet.example"]
          ttl: 7d
          renewBefore: 2d
          install: {path: /etc/ssh/dvault, action: reload-sshd}
        """);
  }

  private static void write(Path folder, VaultId vault, int file, int count) {
    SecureRandom random = new SecureRandom();
    StringBuilder yaml = new StringBuilder();
    for (int i = file * PER_FILE; i < Math.min(count, (file + 1) * PER_FILE); i++) {
      String name = "drone-%06d".formatted(i);
      try (Ed25519Key key = Ed25519Key.generate(random); Identity identity = Identity.generate(random)) {
        String signer = Base64.getEncoder().encodeToString(key.publicKey());
        String recipient = identity.recipient().toString();
        byte[] asked = new DeviceEnrolment(vault, name, recipient, signer).message();
        String proof = Base64.getEncoder().encodeToString(key.sign(asked));
        yaml.append("---\napiVersion: dvault.io/v1\nkind: Device\nmetadata: {name: ").append(name)
            .append(", labels: {role: drone}}\nspec:\n  recipient: ").append(recipient)
            .append("\n  signer: \"").append(signer).append("\"\n  proof: \"").append(proof).append("\"\n");
      }
    }
    try {
      Files.writeString(folder.resolve("devices/devices-%04d.yaml".formatted(file)), yaml.toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
