package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.TestVault;
import io.dvault.model.EntryAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("P1")
class HeadRenewalTest {
  private static final Duration FRESH =
      Duration.ofDays(30); // what vault.yaml means when it says nothing

  @TempDir
  Path folder;

  private Scenario scenario;

  @BeforeEach
  void key() {
    scenario = new Scenario(TestVault.in(folder)
        .device("drone-1", "")
        .object(
            "SshKey",
            "backup",
            "devices: {names: [drone-1]}\nttl: 365d\ninstall: {path: /etc/keys}"));
  }

  private Plan after(Duration passed) {
    scenario.now = Scenario.START.plus(passed);
    return scenario.plan();
  }

  @Test
  void plan_beforeTheFirstCommit_hasNoHeadToRenew() {
    assertTrue(scenario.plan().head().isEmpty());
  }

  @Test
  void plan_overTheHeadsLife_renewsItInTheLastThird() {
    scenario.apply();
    assertTrue(after(Duration.ofDays(20)).isEmpty());
    Plan due = after(Duration.ofDays(20).plusSeconds(1));
    assertFalse(due.isEmpty());
    assertTrue(due.renewsHeadAlone());
    assertEquals("fresh for 9d 23h, renewed at 10d", due.head().orElseThrow().why());
    assertEquals(Scenario.START.plus(FRESH), due.head().orElseThrow().before());
    assertEquals(scenario.now.plus(FRESH), due.head().orElseThrow().after());
    assertEquals(1, due.estimate().transactions());
    assertEquals(
        "stale since 2d, renewed at 10d",
        after(Duration.ofDays(32)).head().orElseThrow().why());
  }

  @Test
  void plan_forced_renewsAFreshHead() {
    scenario.apply();
    Plan plan = scenario.plan(PlanOptions.of(Targets.NONE, true));
    assertEquals("renewed as asked", plan.head().orElseThrow().why());
  }

  @Test
  void plan_ofChosenEntriesOnly_leavesTheHeadToOthers() {
    scenario.apply();
    scenario.now = Scenario.START.plus(Duration.ofDays(25));
    Set<EntryAddress> chosen = Set.of(EntryAddress.parse("SshKey/backup@drone-1"));
    assertTrue(scenario.plan(PlanOptions.issuing(chosen)).isEmpty());
  }
}
