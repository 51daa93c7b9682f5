package io.dvault.workflow;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.schema.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The files of a new vault repository. */
public final class VaultFiles {
  /** @param salt hides names in public; whoever has the repository has it */
  public record Contents(
      String name,
      VaultId vault,
      LedgerRef ref,
      List<String> rpc,
      String blocks,
      List<String> gateways,
      Governance governance,
      String recipient,
      Bytes32 salt) {}

  private static final String DEVICES = """
      # Devices

      One file per device, printed by the device:

          dvault anchor > .dvault/anchor.yaml                                         # here
          dvault-agent enroll --anchor anchor.yaml --name drone-7 --label role=drone   # there

      Save the output in this folder and commit it. The private key never leaves the device.
      """;

  private final Path folder;

  public VaultFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * All but vault.yaml, which holds nothing of the chain: a folder that takes no files is found
   * before anything is paid.
   */
  public void prepare() {
    ignore();
    Path devices = folder.resolve("devices/README.md");
    if (!Files.exists(devices)) {
      NewFiles.write(devices, DEVICES);
    }
    Schemas.write(folder.resolve(Schemas.FOLDER));
  }

  /** Comes last: without vault.yaml there is no vault, and {@code init} can run again. */
  public void write(Contents contents) {
    NewFiles.write(folder.resolve("vault.yaml"), Schemas.modeline("vault.yaml") + yaml(contents));
  }

  private void ignore() {
    Path file = folder.resolve(".gitignore");
    try {
      String before = Files.exists(file) ? Files.readString(file) : "";
      if (before.lines().noneMatch(".dvault/"::equals)) {
        String gap = before.isEmpty() || before.endsWith("\n")
            ? ""
            : "\n"; // else it would be the end of the last line
        Files.writeString(
            file, gap + ".dvault/\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String yaml(Contents c) {
    return """
        apiVersion: dvault.io/v1
        kind: Vault
        metadata: {name: %s}
        spec:
          id: "0x%s"
          chain: {id: %d, contract: "%s", rpc: [%s]}
          blocks:
            # where apply puts sealed bundles, and where devices fetch them
            publish: [{store: folder, path: %s}]
            gateways: [%s]
          # as created; the chain has the last word
          governance:
            threshold: %d
            approvers: [%s]
            guardians: [%s]
          # who can open the keys of authorities
          admins:
            - {name: %s, recipient: %s}
          # hides names in public: whoever has this repository has it, nobody else should
          salt: "0x%s"
        """.formatted(
            name(c.name()),
            c.vault(),
            c.ref().chainId(),
            EvmKeys.checksummed(c.ref().contract()),
            quoted(c.rpc()),
            path(c.blocks()),
            quoted(c.gateways()),
            c.governance().threshold(),
            parties("approver", c.governance().approvers()),
            parties("guardian", c.governance().guardians()),
            "admin",
            c.recipient(),
            c.salt());
  }

  /** A folder called 1000 or null makes a name that YAML would read as something other than text. */
  private static String name(String name) {
    boolean plain =
        name.matches("[a-z][a-z0-9-]*") && !name.matches("true|false|null|yes|no|on|off|y|n");
    return plain ? name : '"' + name + '"';
  }

  private static String path(String path) {
    return path.matches("[A-Za-z0-9._/+-]+") ? path : quoted(List.of(path));
  }

  private static String quoted(List<String> texts) {
    return texts.stream()
        .map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
        .collect(Collectors.joining(", "));
  }

  private static String parties(String role, List<EvmAddress> addresses) {
    List<String> parties = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      parties.add("{name: " + role + "-" + (i + 1) + ", address: \""
          + EvmKeys.checksummed(addresses.get(i)) + "\"}");
    }
    return String.join(", ", parties);
  }
}
