package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.ledger.evm.EvmKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/threat-model.md T37: on any chain but a local devnet the well-known keys are refused,
 * whichever way they come.
 */
public class DevnetKeyTest {
  private static final String WELL_KNOWN =
      "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

  @TempDir
  Path folder;

  @Test
  @Tag("T37")
  void wellKnownKey_onAnotherChain_isRefusedByEveryCommand() throws Exception {
    try (AnvilProcess chain =
            AnvilProcess.start(AnvilProcess.Options.defaults().withChainId(4242));
        ScriptRun run = new ScriptRun(folder)) {
      String own = HexFormat.of()
          .formatHex(io.dvault.model.Bytes32.sha256(folder.toString()).toArray());
      fund(chain.rpc(), EvmKeys.ofHex(own, "test").address());
      run.environment("OWN", own);
      run.environment("KNOWN", WELL_KNOWN);
      String rpc = chain.rpc().toString();

      refused(run, "contract", "deploy", "--rpc", rpc, "--gas", "devnet:0");
      refused(run, "contract", "deploy", "--rpc", rpc, "--gas", "env:KNOWN");
      String contract = deploy(run, rpc);
      refused(run, init(rpc, contract, "env:KNOWN", "env:OWN"));
      refused(run, init(rpc, contract, "env:OWN", "env:KNOWN"));
      assertFalse(Files.exists(folder.resolve("vault.yaml")));

      assertEquals(
          0, run.dvault(List.of(), init(rpc, contract, "env:OWN", "env:OWN")), run::output);
      run.device(List.of("drone-1"));
      Files.writeString(folder.resolve("keys.yaml"), """
          apiVersion: dvault.io/v1
          kind: SshKey
          metadata: {name: robot}
          spec: {devices: {names: [drone-1]}, ttl: 7d, install: {path: /etc/robot}}
          """);
      for (String known : List.of("devnet:0", "env:KNOWN")) {
        refused(run, "apply", "--auto-approve", "--approver", known, "--gas", "env:OWN");
        refused(run, "apply", "--auto-approve", "--approver", "env:OWN", "--gas", known);
      }
      assertEquals(0, run.dvault(List.of(), "log"), run::output);
      assertTrue(run.output().contains("No commits yet."), run::output);
    }
  }

  public static String deploy(ScriptRun run, String rpc) {
    assertEquals(
        0,
        run.dvault(List.of(), "contract", "deploy", "--rpc", rpc, "--gas", "env:OWN"),
        run::output);
    Matcher address = Pattern.compile("0x[0-9a-fA-F]{40}").matcher(run.output());
    assertTrue(address.find(), run::output);
    return address.group();
  }

  private String[] init(String rpc, String contract, String approver, String gas) {
    return new String[] {
      "init",
      "--rpc",
      rpc,
      "--contract",
      contract,
      "--gateway",
      "http://127.0.0.1:1",
      "--name",
      "fleet",
      "--identity",
      folder.resolve("identity.txt").toString(),
      "--approver",
      approver,
      "--gas",
      gas
    };
  }

  private static void refused(ScriptRun run, String... arguments) {
    assertEquals(1, run.dvault(List.of(), arguments), run::output);
    assertTrue(run.output().contains("[DV603]"), run::output);
  }

  public static void fund(URI rpc, EvmAddress address) throws Exception {
    String call = """
        {"jsonrpc":"2.0","id":1,"method":"anvil_setBalance","params":["%s","0xde0b6b3a7640000"]}""".formatted(address);
    HttpRequest request = HttpRequest.newBuilder(rpc)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(call))
        .build();
    assertEquals(
        200,
        HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofString())
            .statusCode());
  }
}
