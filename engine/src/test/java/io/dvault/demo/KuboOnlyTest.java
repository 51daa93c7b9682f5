package io.dvault.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.demo.Engine.Ran;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.testing.KuboDaemon;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way with an RPC endpoint and a real Kubo and nothing else; then the admin's machine is gone. */
@Timeout(180)
@Tag("peer:ipfs")
class KuboOnlyTest {
  @TempDir
  Path folder;

  private final Commands commands = new Commands();

  @Test
  @Tag("O3")
  @Tag("O11")
  void agent_adminsMachineGone_stillInstallsFromKubo() throws Exception {
    Path vault = Files.createDirectories(folder.resolve("admin/vault"));
    try (AnvilProcess chain = AnvilProcess.start(AnvilProcess.Options.defaults());
        KuboDaemon kubo = KuboDaemon.start(folder.resolve("kubo"))) {
      Matcher contract = Pattern.compile("0x[0-9a-fA-F]{40}")
          .matcher(dvault(
              vault, "contract", "deploy", "--rpc", chain.rpc().toString(), "--gas", "devnet:0"));
      assertTrue(contract.find());
      dvault(
          vault,
          "init",
          "--name",
          "fleet",
          "--rpc",
          chain.rpc().toString(),
          "--contract",
          contract.group(),
          "--gateway",
          kubo.gateway().toString(),
          "--approver",
          "devnet:0",
          "--gas",
          "devnet:0",
          "--identity",
          folder.resolve("admin/identity.txt").toString());
      Path yaml = vault.resolve("vault.yaml");
      String text = Files.readString(yaml);
      assertTrue(text.contains("{store: folder, path: .dvault/blocks}"), text);
      Files.writeString(
          yaml,
          text.replace(
              "{store: folder, path: .dvault/blocks}",
              "{store: kubo, api: \"" + kubo.api() + "\"}"));
      Path anchor = Files.writeString(folder.resolve("anchor.yaml"), dvault(vault, "anchor"));
      AgentProcess drone = new AgentProcess(commands.agent(), "drone-1", folder.resolve("drone-1"));
      Path config = drone.root().resolve("etc/dvault/agent.yaml");
      Files.createDirectories(config.getParent());
      Files.writeString(config, "folders: [/etc/telemetry]\n");
      Files.createDirectories(vault.resolve("devices"));
      Files.writeString(vault.resolve("devices/drone-1.yaml"), drone.enroll(anchor));
      Files.writeString(vault.resolve("token.yaml"), """
          apiVersion: dvault.io/v1
          kind: Token
          metadata: {name: telemetry}
          spec: {devices: {names: [drone-1]}, from: {random: {bytes: 32}}, ttl: 7d, install: {path: /etc/telemetry}}
          """);
      String applied =
          dvault(vault, "apply", "-auto-approve", "--approver", "devnet:0", "--gas", "devnet:0");
      assertTrue(applied.contains("Apply complete: 1 issued."), applied);

      delete(folder.resolve("admin"));
      List<String> once = new ArrayList<>(commands.agent());
      once.addAll(List.of("once", "--root", drone.root().toString()));
      Peers.run(once).requireSuccess();
      Path token = drone.root().resolve("etc/telemetry/telemetry");
      assertTrue(Files.size(token) >= 32, "no token in " + token);
    }
  }

  private String dvault(Path vault, String... arguments) {
    Ran ran = commands.run(vault, List.of(arguments));
    assertEquals(
        0, ran.exitCode(), () -> "dvault " + String.join(" ", arguments) + "\n" + ran.text());
    return ran.text();
  }

  private static void delete(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
