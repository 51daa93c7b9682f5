package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.TestVault;
import io.dvault.model.Diagnostic;
import io.dvault.plan.Guards.Allowed;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("P7")
class GuardsTest {
  @TempDir
  Path folder;

  private TestVault vault;
  private Scenario scenario;

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder).authority("fleet-ssh", 1);
    for (int i = 1; i <= 5; i++) {
      vault.device("drone-" + i, "role: drone");
    }
    scenario = new Scenario(vault);
  }

  private List<String> codes(Allowed allowed) {
    PlanInput input = scenario.input(PlanOptions.NONE);
    return Guards.check(Planner.plan(input), input, allowed).stream()
        .map(Diagnostic::code)
        .toList();
  }

  @Test
  void share_moreThanHalf_needsAFlag() {
    vault
        .hostCertificate("a", "{names: ['drone-*']}", "7d", "2d")
        .hostCertificate("b", "{names: [drone-1]}", "7d", "2d");
    scenario.apply();
    vault.delete("sshcertificate-a.yaml");
    assertEquals(List.of("DV204"), codes(Allowed.NOTHING));
    assertEquals(List.of(), codes(new Allowed(true, false, false, false)));
  }

  @Test
  void share_halfOrFew_mayGo() {
    vault
        .hostCertificate("a", "{names: ['drone-*']}", "7d", "2d")
        .hostCertificate("b", "{names: ['drone-*']}", "7d", "2d");
    scenario.apply();
    vault.delete("sshcertificate-a.yaml");
    assertEquals(List.of(), codes(Allowed.NOTHING));
  }

  @Test
  void protectedEntry_thatGoesWithItsYaml_needsAFlag() {
    vault.hostCertificate("a", "{names: [drone-1]}", "7d", "2d");
    vault.object("SshKey", "k", """
        devices: {names: [drone-1]}
        ttl: 7d
        install: {path: /etc/x}
        protect: true""");
    scenario.apply();
    vault.delete("sshkey-k.yaml");
    assertEquals(List.of("DV205"), codes(Allowed.NOTHING));
    assertEquals(List.of(), codes(new Allowed(false, true, false, false)));
  }

  @Test
  @Tag("T25")
  void lastWayIn_needsAFlag() {
    for (String name : List.of("one", "two")) {
      vault.object("SshKey", name, """
          devices: {names: [drone-1]}
          ttl: 7d
          install: {path: /etc/x}
          authorizedOn: {devices: {names: [drone-2]}, account: ops}""");
    }
    scenario.apply();
    vault.delete("sshkey-one.yaml");
    assertEquals(List.of(), codes(Allowed.NOTHING));
    scenario.apply();
    vault.delete("sshkey-two.yaml");
    assertEquals(List.of("DV206"), codes(Allowed.NOTHING));
    assertTrue(codes(new Allowed(false, false, true, false)).isEmpty());
  }
}
