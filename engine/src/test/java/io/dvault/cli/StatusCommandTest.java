package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.crypto.Ed25519Key;
import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.Bytes32;
import io.dvault.receipt.Receipt;
import io.dvault.receipt.SignedReceipt;
import io.dvault.workflow.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
  @TempDir
  Path folder;

  @Test
  @Tag("G8")
  @Tag("T34")
  void status_genuineAndForgedReceipts_countsTheGenuineOne() throws Exception {
    try (ScriptRun run = new ScriptRun(folder)) {
      run.play("| devnet\n$ dvault init --devnet --name fleet\n...\n");
      Ed25519Key one = run.device(List.of("drone-1"));
      run.device(List.of("drone-2"));
      Files.writeString(folder.resolve("keys.yaml"), """
          apiVersion: dvault.io/v1
          kind: SshKey
          metadata: {name: robot}
          spec: {devices: {names: ["drone-*"]}, ttl: 7d, install: {path: /etc/robot}}
          """);
      assertEquals(0, run.dvault(List.of(), "apply", "--auto-approve"), run::output);

      Path receipts = Files.createDirectories(folder.resolve(".dvault/receipts"));
      Files.write(receipts.resolve("one"), receipt(run, "drone-1", 1, 42, one));
      Files.write(receipts.resolve("old"), receipt(run, "drone-1", 0, 4711, one));
      // docs/threat-model.md T34
      Files.write(receipts.resolve("forged"), receipt(run, "drone-2", 1, 0, one));
      Files.writeString(receipts.resolve("rubbish"), "hello");

      assertEquals(0, run.dvault(List.of(), "status"), run::output);
      String shown = run.output();
      assertTrue(shown.matches("(?s).*drone-1 +1  4.s ago +1  in 6d 23h.*"), shown);
      assertTrue(shown.matches("(?s).*drone-2 +-  never +1  in 6d 23h.*"), shown);
      assertTrue(shown.contains("Not counted: forged: not signed by drone-2"), shown);
      assertTrue(shown.contains("Not counted: rubbish: no receipt"), shown);
      assertTrue(shown.contains("1 of 2 devices reported epoch 1."), shown);

      assertEquals(0, run.dvault(List.of(), "status", "--json"), run::output);
      assertTrue(run.output().contains("\"format_version\" : 1"), run::output);
    }
  }

  private byte[] receipt(
      ScriptRun run, String name, long epoch, int secondsAgo, Ed25519Key signer) {
    DesiredState desired = Workspace.open(run.context(List.of()).run()).desired();
    DeviceDeclaration device = desired.findDevice(name).orElseThrow();
    Instant at = Instant.now().minusSeconds(secondsAgo).truncatedTo(ChronoUnit.SECONDS);
    return SignedReceipt.sign(
            new Receipt(
                desired.vault().id().orElseThrow(),
                device.id(),
                epoch,
                epoch == 0 ? Bytes32.ZERO : Bytes32.sha256("root"),
                at,
                List.of(),
                List.of()),
            signer)
        .encode();
  }
}
