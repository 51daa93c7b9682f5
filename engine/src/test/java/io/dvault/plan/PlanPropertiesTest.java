package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.TestVault;
import io.dvault.desired.DesiredState;
import io.dvault.model.EntryAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A vault lives through random edits, days and revocations: what holds for every plan in it. */
class PlanPropertiesTest {
  private static final int STEPS = 25;

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  @Tag("P9")
  void life_ofAVault_keepsItsPromises(long seed) {
    Random random = new Random(seed);
    TestVault vault = TestVault.in(folder).authority("fleet-ssh", 1);
    for (int i = 0; i < 4; i++) {
      vault.device("d" + i, "role: r" + i % 2);
    }
    Scenario scenario = new Scenario(vault);
    Set<Long> serials = new HashSet<>();
    for (int step = 0; step < STEPS; step++) {
      edit(vault, random);
      scenario.pass(Duration.ofHours(random.nextInt(60)));
      Plan plan = scenario.plan();
      assertEquals(
          PlanJson.write(plan).toString(),
          PlanJson.write(scenario.plan()).toString(),
          "the same twice");
      plan.issuing()
          .forEach(
              each -> assertTrue(serials.add(each.serial()), "serial " + each.serial() + " twice"));
      scenario.apply();
      Plan after = scenario.plan();
      assertTrue(
          after.isEmpty(), () -> "seed " + seed + ": after an apply: " + Scenario.lines(after));
      assertEquals(0, after.housekeeping());
    }
    assertFalse(serials.isEmpty(), "nothing was ever issued");
  }

  private static void edit(TestVault vault, Random random) {
    int which = random.nextInt(3);
    switch (random.nextInt(7)) {
      case 0 ->
        vault.hostCertificate(
            "h" + which, "{selector: {role: r" + random.nextInt(2) + "}}", "7d", "2d");
      case 1 ->
        vault.grant(
            "g" + which,
            "{names: [d" + random.nextInt(4) + "]}",
            "5m",
            "reason " + random.nextInt(3));
      case 2 -> vault.object("SshKey", "k" + which, """
          devices: {selector: {role: r0}}
          ttl: %dd
          install: {path: /etc/ssh/dvault}
          authorizedOn: {devices: {selector: {role: r1}}, account: ops}""".formatted(3 + random.nextInt(3)));
      case 3 -> remove(vault, "sshcertificate-h" + which + ".yaml");
      case 4 -> remove(vault, "sshkey-k" + which + ".yaml");
      case 5 -> remove(vault, "grant-g" + which + ".yaml");
      default ->
        vault
            .device("d" + random.nextInt(4), "role: r" + random.nextInt(2))
            .device("d0", "role: r0")
            .device("d1", "role: r1");
    }
  }

  private static void remove(TestVault vault, String file) {
    if (Files.exists(vault.folder().resolve(file))) {
      vault.delete(file);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Tag("P9")
  void plan_documentsInAnyOrderAndFile_isTheSame(long seed) throws IOException {
    TestVault vault = TestVault.in(folder)
        .authority("fleet-ssh", 1)
        .device("d0", "role: r0")
        .device("d1", "role: r1")
        .device("d2", "role: r0")
        .hostCertificate("h", "{selector: {role: r0}}", "7d", "2d")
        .grant("g", "{names: [d1]}", "5m", "x");
    DesiredState before = vault.desired();
    Scenario scenario = new Scenario(vault);
    List<String> lines = Scenario.lines(scenario.plan());
    assertFalse(lines.isEmpty());
    List<Long> serials =
        scenario.plan().issuing().stream().map(Change.Issuing::serial).toList();

    List<String> documents = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        documents.add(Files.readString(file));
        Files.delete(file);
      }
    }
    Random random = new Random(seed);
    Collections.shuffle(documents, random);
    int cut = 1 + random.nextInt(documents.size() - 1);
    vault
        .file("z.yaml", String.join("---\n", documents.subList(0, cut)))
        .file("a/b.yml", String.join("---\n", documents.subList(cut, documents.size())));
    assertEquals(before.entries().keySet(), vault.desired().entries().keySet());
    assertEquals(lines, Scenario.lines(scenario.plan()));
    assertEquals(
        serials, scenario.plan().issuing().stream().map(Change.Issuing::serial).toList());
    assertEquals(
        lines.stream().sorted().map(line -> line.substring(2)).toList(),
        lines.stream().map(line -> line.substring(2)).sorted().toList());
    assertTrue(before.entries().keySet().stream()
        .map(EntryAddress::toString)
        .allMatch(address -> lines.stream().anyMatch(line -> line.contains(address))));
  }
}
