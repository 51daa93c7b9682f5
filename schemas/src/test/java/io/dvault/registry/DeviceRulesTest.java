package io.dvault.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("P10")
class DeviceRulesTest {
  private static DeviceRules rules(
      Map<String, Duration> ttl, List<String> kinds, List<String> keys, List<String> paths) {
    return new DeviceRules(
        new TreeMap<>(ttl),
        Optional.of(new TreeSet<>(kinds)),
        Optional.of(new TreeSet<>(keys)),
        Optional.of(paths));
  }

  @Test
  void takes_nothingSaid_takesEverything() {
    assertTrue(DeviceRules.NONE.takesKind("Grant"));
    assertTrue(DeviceRules.NONE.takesLife("Grant", Duration.ofDays(9999)));
    assertTrue(DeviceRules.NONE.takesKeyType("ssh-dss"));
    assertTrue(DeviceRules.NONE.takesFile("/etc/shadow"));
    assertFalse(DeviceRules.NONE.takesNothing());
  }

  @Test
  void takesLife_theLongest_isTakenAndASecondMoreIsNot() {
    DeviceRules rules =
        rules(Map.of("Grant", Duration.ofMinutes(15)), List.of("Grant"), List.of(), List.of());
    assertTrue(rules.takesLife("Grant", Duration.ofMinutes(15)));
    assertFalse(rules.takesLife("Grant", Duration.ofMinutes(15).plusSeconds(1)));
    assertTrue(
        rules.takesLife("Token", Duration.ofDays(1)), "only kinds that are named are bounded");
    assertFalse(rules.takesKind("Token"));
  }

  @Test
  void takesFile_strictlyBelowAFolder() {
    DeviceRules rules = rules(Map.of(), List.of(), List.of(), List.of("/etc/ssh/dvault"));
    assertTrue(rules.takesFile("/etc/ssh/dvault/key"));
    assertFalse(rules.takesFile("/etc/ssh/dvault"));
    assertFalse(rules.takesFile("/etc/ssh/dvaults/key"));
    assertFalse(rules.takesFile("/etc/ssh/key"));
    assertTrue(rules.takesFolder("/etc/ssh/dvault"));
    assertFalse(rules.takesFolder("/etc/ssh"));
  }

  @Test
  void and_two_isWhatBothAllow() {
    DeviceRules one = rules(
        Map.of("Grant", Duration.ofMinutes(15), "Token", Duration.ofDays(1)),
        List.of("Grant", "Token"),
        List.of("ssh-ed25519"),
        List.of("/etc/ssh", "/opt/app"));
    DeviceRules other = rules(
        Map.of("Grant", Duration.ofMinutes(5)),
        List.of("Grant"),
        List.of("ssh-ed25519", "ssh-rsa"),
        List.of("/etc/ssh/dvault", "/opt", "/srv"));
    DeviceRules both = rules(
        Map.of("Grant", Duration.ofMinutes(5), "Token", Duration.ofDays(1)),
        List.of("Grant"),
        List.of("ssh-ed25519"),
        List.of("/etc/ssh/dvault", "/opt/app"));
    assertEquals(both, one.and(other));
    assertEquals(both, other.and(one));
    assertEquals(one, one.and(DeviceRules.NONE));
    assertEquals(one, DeviceRules.NONE.and(one));
  }

  @Test
  void and_nothingInCommon_takesNothing() {
    DeviceRules one = new DeviceRules(
        new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.of(List.of("/etc")));
    DeviceRules other = new DeviceRules(
        new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.of(List.of("/opt")));
    assertTrue(one.and(other).takesNothing());
  }
}
