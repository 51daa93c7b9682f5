package io.dvault.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.TestVault;
import io.dvault.plan.Plan;
import io.dvault.plan.Scenario;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans that are too long to be read: what is shown of them, and that showing them takes no memory. */
@Tag("P1")
class PlanBlockTest {
  @TempDir
  Path folder;

  private TestVault threeDrones() {
    return TestVault.in(folder)
        .device("drone-1", "role: drone")
        .device("drone-2", "role: drone")
        .device("drone-3", "role: drone")
        .authority("fleet-ssh", 1);
  }

  private static void certificates(TestVault vault, int count) {
    for (int i = 10; i < 10 + count; i++) {
      vault.hostCertificate("host-" + i, "{selector: {role: drone}}", "7d", "2d");
    }
  }

  @Test
  void grouped_moreBlocksThanAPersonReads_restIsCounted() {
    TestVault vault = threeDrones();
    certificates(vault, 15);
    List<PlanBlock> blocks = PlanBlock.grouped(new Scenario(vault).plan());
    assertEquals(41, blocks.size());
    assertEquals("SshCertificate/host-10@drone-1", blocks.getFirst().label());
    assertEquals("5 more SshCertificate", blocks.getLast().label());
    assertEquals("not issued yet", blocks.getLast().reason());
    assertEquals(
        "SshCertificate/host-23@drone-2, SshCertificate/host-23@drone-3, SshCertificate/host-24@drone-1"
            + " and 2 more",
        blocks.getLast().fields().getFirst().after());
    assertEquals(45, blocks.stream().mapToInt(PlanBlock::changes).sum());
  }

  @Test
  void grouped_justAsManyBlocksAsAPersonReads_noneIsCounted() {
    TestVault vault = threeDrones();
    certificates(vault, 13);
    vault.hostCertificate("gate", "{names: [drone-1]}", "7d", "2d");
    List<PlanBlock> blocks = PlanBlock.grouped(new Scenario(vault).plan());
    assertEquals(40, blocks.size());
    assertTrue(blocks.stream().allMatch(block -> block.changes() == 1));
  }

  @Test
  void grouped_cut_whatGoesIsShownBeforeWhatComes() {
    TestVault vault = threeDrones().hostCertificate("old", "{selector: {role: drone}}", "7d", "2d");
    Scenario scenario = new Scenario(vault);
    scenario.apply();
    vault.delete("sshcertificate-old.yaml");
    certificates(vault, 15);
    List<PlanBlock> blocks = PlanBlock.grouped(scenario.plan());
    assertEquals(
        List.of("-", "-", "-", "+"),
        blocks.stream().limit(4).map(PlanBlock::symbol).toList());
    assertEquals("8 more SshCertificate", blocks.getLast().label());
  }

  @Test
  void each_ofOneSymbol_areThoseOfAllWithIt() {
    TestVault vault = threeDrones().hostCertificate("old", "{selector: {role: drone}}", "7d", "2d");
    Scenario scenario = new Scenario(vault);
    scenario.apply();
    vault.delete("sshcertificate-old.yaml");
    certificates(vault, 1);
    Plan plan = scenario.plan();
    assertEquals(6, PlanBlock.each(plan).count());
    assertEquals(
        PlanBlock.each(plan).filter(block -> block.symbol().equals("-")).toList(),
        PlanBlock.each(plan, "-").toList());
  }
}
