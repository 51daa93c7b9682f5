package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Rego of {@code docs/policy.md}, as it stands there, in the real OPA, over what {@code plan -json} prints. */
@Timeout(120)
class OpaTest {
  private static final Path DOCUMENT = Path.of(System.getProperty("dvault.root"), "docs/policy.md");
  private static final String SETUP = """
      | devnet
      $ dvault init --devnet --name fleet
      ...
      | device drone-1
      > alice.yaml
        apiVersion: dvault.io/v1
        kind: Grant
        metadata: {name: alice}
        spec:
          publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f alice@laptop"
          account: ops
          devices: {names: [drone-1]}
          ttl: 20m
          reason: INC-4711
      | git init -q
      | git add -A
      | git commit -qm one
      """;

  @TempDir
  Path folder;

  private static String rego() throws IOException {
    Matcher block =
        Pattern.compile("```rego\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(DOCUMENT));
    assertTrue(block.find(), "no Rego in " + DOCUMENT);
    return block.group(1);
  }

  /** A vault in whose plan a grant of 20 minutes stands, one of 15 once it was changed. */
  private interface Asked {
    void ask(ScriptRun run, Path grant) throws Exception;
  }

  private void inVault(Asked asked) throws Exception {
    Path vault = Files.createDirectory(folder.resolve("fleet"));
    try (ScriptRun run = new ScriptRun(vault)) {
      run.play(SETUP);
      asked.ask(run, vault.resolve("alice.yaml"));
    }
  }

  private static void shorten(Path grant) throws IOException {
    Files.writeString(grant, Files.readString(grant).replace("20m", "15m"));
  }

  private Path plan(ScriptRun run) throws IOException {
    assertEquals(0, run.dvault(List.of(), "plan", "-json"), run::output);
    return Files.writeString(folder.resolve("plan.json"), run.output());
  }

  /** What the documented command says of the plan as it is now. */
  private Peers.Output opa(ScriptRun run, String rule) throws IOException {
    return Peers.run(
        "opa",
        "eval",
        "-f",
        "pretty",
        "-i",
        plan(run).toString(),
        "-d",
        folder.resolve("plan.rego").toString(),
        "--fail-defined",
        "data.main." + rule + "[_]");
  }

  /** The same; it looks for policies where it is told, by default in {@code policy/} of the working directory. */
  private Peers.Output conftest(ScriptRun run) throws IOException {
    return Peers.run(
        "conftest",
        "test",
        "--no-color",
        "--policy",
        folder.resolve("policy").toString(),
        plan(run).toString());
  }

  @Test
  @Tag("P10")
  @Tag("peer:opa")
  void planJson_inOpa_isDeniedWarnedAndPassed() throws Exception {
    Files.writeString(folder.resolve("plan.rego"), rego());
    inVault((run, grant) -> {
      Peers.Output denied = opa(run, "deny");
      assertEquals(1, denied.exitCode(), denied.text());
      assertTrue(
          denied.text().contains("Grant/alice@drone-1 lasts 20 minutes: 15 at most"),
          denied.text());
      assertEquals(0, opa(run, "warn").exitCode());

      shorten(grant);
      Peers.Output passed = opa(run, "deny");
      assertEquals(0, passed.exitCode(), passed.text());
      Peers.Output warned = opa(run, "warn");
      assertTrue(warned.text().contains("planned from uncommitted files"), warned.text());
    });
  }

  @Test
  @Tag("P10")
  @Tag("peer:conftest")
  void planJson_inConftest_isDeniedWarnedAndPassed() throws Exception {
    Files.writeString(Files.createDirectory(folder.resolve("policy")).resolve("plan.rego"), rego());
    inVault((run, grant) -> {
      Peers.Output denied = conftest(run);
      assertEquals(1, denied.exitCode(), denied.text());
      assertTrue(
          denied.text().contains("FAIL")
              && denied.text().contains("Grant/alice@drone-1 lasts 20 minutes"),
          denied.text());

      shorten(grant);
      Peers.Output warned = conftest(run);
      assertEquals(0, warned.exitCode(), warned.text());
      assertTrue(
          warned.text().contains("WARN")
              && warned.text().contains("planned from uncommitted files"),
          warned.text());
    });
  }
}
