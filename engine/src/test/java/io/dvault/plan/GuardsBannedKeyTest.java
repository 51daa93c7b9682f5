package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.config.TestVault;
import io.dvault.model.Diagnostic;
import io.dvault.model.EntryAddress;
import io.dvault.plan.Guards.Allowed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("S8")
class GuardsBannedKeyTest {
  @TempDir
  Path folder;

  private Scenario scenario;

  @BeforeEach
  void grantOfABannedKey() {
    TestVault vault = TestVault.in(folder)
        .device("gate", "role: gateway")
        .grant("alice", "{names: [gate]}", "5m", "x");
    scenario = new Scenario(vault);
    scenario.returning.put(EntryAddress.parse("Grant/alice@gate"), "was revoked as compromised");
  }

  private List<String> refusals(Allowed allowed) {
    PlanInput input = scenario.input(PlanOptions.NONE);
    return Guards.check(Planner.plan(input), input, allowed).stream()
        .map(Diagnostic::code)
        .toList();
  }

  @Test
  void check_returningKeyWouldBeIssued_isRefusedUntilTheFlag() {
    assertEquals(List.of("DV216"), refusals(Allowed.NOTHING));
    assertEquals(List.of(), refusals(new Allowed(false, false, false, true)));
  }

  @Test
  void check_returningKeyOfAGrantThatStaysOver_isNoMatter() {
    scenario.apply();
    scenario.apply(Scenario.revoking("Grant/alice@gate").orElseThrow());
    assertEquals(List.of(), refusals(Allowed.NOTHING));
  }
}
