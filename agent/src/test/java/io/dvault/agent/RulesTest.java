package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.converge.Cycle.Report;
import io.dvault.registry.DeviceRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The rules of the registry hold on the device, for what the approvers signed in the same commit
 * too. docs/requirements.md P10.
 */
@Tag("P10")
@Tag("T35")
@ExtendWith(TestFleet.Fixture.class)
class RulesTest {
  private static final String RSA = "ssh-rsa " + "AAAAB3NzaC1yc2EAAAADAQABAAABAQ".repeat(4);

  private final TestVault vault;
  private final TestDevice device;

  RulesTest(TestFleet fleet) {
    this.vault = fleet.vault;
    this.device = fleet.device;
    vault.put(device.recipient, TestEntry.named("good").file("/etc/app/good", "good"));
  }

  private static DeviceRules ttl(Duration longest) {
    return new DeviceRules(
        new TreeMap<>(Map.of(TestInstaller.KIND, longest)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static DeviceRules keyTypes(String... types) {
    return new DeviceRules(
        new TreeMap<>(),
        Optional.empty(),
        Optional.of(new TreeSet<>(List.of(types))),
        Optional.empty());
  }

  private static DeviceRules paths(String... folders) {
    return new DeviceRules(
        new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.of(List.of(folders)));
  }

  /** One look, after which only the good entry is there and the other is told of with {@code why}. */
  private void refused(String why) throws IOException {
    Report report = device.look();
    assertEquals(List.of("DV546"), TestDevice.codes(report), report.problems().toString());
    assertTrue(
        report.problems().getFirst().why().contains(why), report.problems().toString());
    assertEquals("good", device.read("/etc/app/good"), "the rest is installed");
    assertEquals(1, report.held().size());
    assertTrue(device.log.toString(StandardCharsets.UTF_8).contains("level=alarm event=DV546"));
    assertTrue(receipt().contains("DV546"), "the receipt tells of it: " + receipt());
  }

  private String receipt() throws IOException {
    try (var files = Files.walk(device.layout.root())) {
      for (Path file : files
          .filter(each -> each.getFileName().toString().contains("receipt"))
          .toList()) {
        if (Files.isRegularFile(file)) {
          return Files.readString(file, StandardCharsets.ISO_8859_1);
        }
      }
    }
    return "";
  }

  @Test
  void look_entryThatLivesTooLong_isRefused() throws IOException {
    vault.rules(ttl(Duration.ofDays(8)));
    vault.put(
        device.recipient,
        TestEntry.named("long")
            .file("/etc/app/long", "x")
            .until(TestVault.now().plus(Duration.ofDays(9))));
    vault.commit();
    refused("the vault's rules let a TestFile live 8d at most");
    assertFalse(device.has("/etc/app/long"));
  }

  @Test
  void look_backdatingIsNoLife_theLongestIsTaken() throws IOException {
    Duration life = Duration.ofDays(7)
        .plusSeconds(300)
        .minus(DeviceRules.BACKDATED); // of "good", by its validity
    vault.rules(ttl(life));
    vault.commit();
    assertEquals(List.of(), device.look().problems());

    vault.rules(ttl(life.minusSeconds(1)));
    vault.put(device.recipient, TestEntry.named("second").file("/etc/app/second", "x"));
    vault.commit();
    refused("the vault's rules let a TestFile live");
  }

  @Test
  void look_pathOutsideTheRules_isRefusedThoughAgentYamlAllowsIt() throws IOException {
    vault.rules(paths("/etc/app"));
    vault.put(device.recipient, TestEntry.named("elsewhere").file("/etc/ssh/dvault/key", "x"));
    vault.commit();
    refused("/etc/ssh/dvault/key is in no folder of the vault's rules");
    assertFalse(device.has("/etc/ssh/dvault/key"));
  }

  @Test
  void look_pathInsideTheRules_agentYamlStillHasTheLastWord() throws IOException {
    vault.rules(paths("/etc/app", "/root"));
    vault.put(device.recipient, TestEntry.named("evil").file("/root/.ssh/authorized_keys", "x"));
    vault.commit();
    assertEquals(List.of("DV540"), TestDevice.codes(device.look()));
  }

  @Test
  void look_keyTypeOutsideTheRules_isRefusedInAFile() throws IOException {
    vault.rules(keyTypes("ssh-ed25519"));
    vault.put(
        device.recipient,
        TestEntry.named("old").file("/etc/app/old", "x").with("keyType", "ssh-rsa"));
    vault.commit();
    refused("no key of type ssh-rsa");
  }

  @Test
  void look_keyTypeOutsideTheRules_isRefusedInAuthorizedKeys() throws IOException {
    vault.rules(keyTypes("ssh-ed25519"));
    vault.put(device.recipient, TestEntry.named("old").keys("ops", "restrict", RSA, ""));
    vault.commit();
    refused("no key of type ssh-rsa");
    assertFalse(Files.exists(device.authorizedKeys()));

    vault.put(
        device.recipient, TestEntry.named("new").keys("ops", "restrict", ConvergeTest.KEY, ""));
    vault.commit();
    device.look();
    assertTrue(Files.readString(device.authorizedKeys()).contains(ConvergeTest.KEY));
  }

  @Test
  void look_kindOutsideTheRules_installsNothingOfIt() throws IOException {
    vault.rules(new DeviceRules(
        new TreeMap<>(),
        Optional.of(new TreeSet<>(List.of("Grant"))),
        Optional.empty(),
        Optional.empty()));
    vault.commit();
    Report report = device.look();
    assertEquals(List.of("DV546"), TestDevice.codes(report));
    assertEquals(0, report.held().size());
    assertFalse(device.has("/etc/app/good"));
  }

  @Test
  void look_rulesTightened_whatIsInstalledStaysAndRulesLoosened_itComes() throws IOException {
    vault.commit();
    assertEquals(List.of(), device.look().problems());
    vault.rules(ttl(Duration.ofHours(1)));
    vault.put(device.recipient, TestEntry.named("late").file("/etc/app/late", "x"));
    vault.commit();
    refused("live 1h at most"); // good is there as before

    vault.rules(DeviceRules.NONE);
    vault.commit();
    assertEquals(List.of(), device.look().problems());
    assertEquals("x", device.read("/etc/app/late"));
  }
}
