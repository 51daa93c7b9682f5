package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.apply.ApplyPipeline.Outcome;
import io.dvault.cli.view.CommandContext;
import io.dvault.plan.PlanOptions;
import io.dvault.workflow.ApplySession;
import io.dvault.workflow.Planning;
import io.dvault.workflow.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A proposer with an engine of his own, which asks no policies: the approver's engine does. */
@Timeout(120)
class PolicyBypassTest {
  private static final String SETUP = """
      | devnet
      $ dvault init --devnet --approver-address 0x70997970C51812dc3A010C7d01b50e0d17dc79C8
      ...
      | device drone-1
      > keys.yaml
        apiVersion: dvault.io/v1
        kind: SshKey
        metadata: {name: backup}
        spec: {devices: {names: [drone-1]}, ttl: 7d, install: {path: /etc/keys}}
      > policies/no-keys.yaml
        apiVersion: dvault.io/v1
        kind: TrustPolicy
        metadata: {name: no-keys}
        spec: {rules: [{name: at-all, require: change.kind != "SshKey", message: certificates only}]}
      | git init -q
      | git add -A
      | git commit -qm one
      """;

  @TempDir
  Path folder;

  @Test
  @Tag("P10")
  @Tag("S9")
  @Tag("T11")
  void approve_proposalOfAnEngineThatAsksNoPolicies_isRefused() throws Exception {
    Path vault = Files.createDirectory(folder.resolve("fleet"));
    try (ScriptRun run = new ScriptRun(vault)) {
      run.play(SETUP);
      CommandContext context = run.context(List.of());
      try (ApplySession proposer =
          new KeyOptions().session(context, Workspace.open(context.run()), "", false)) {
        Planning planning = Planning.make(
            proposer.workspace(),
            proposer.connection(),
            PlanOptions.NONE,
            context.clock().instant());
        Outcome outcome =
            proposer.applier().apply(planning.input(), planning.plan(), List.of(), "apply");
        ((Outcome.Proposed) outcome).proposal().write(vault.resolve("p.json"));
      }
      assertEquals(
          1,
          run.dvault(List.of("yes"), "approve", "p.json", "--approver", "devnet:1"),
          run::output);
      assertTrue(run.output().contains("denied by no-keys/at-all"), run::output);
      assertTrue(run.output().contains("certificates only"), run::output);

      run.dvault(List.of(), "log");
      assertTrue(run.output().contains("No commits yet."), run::output);
    }
  }
}
