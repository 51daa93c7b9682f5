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
class RulesTest {
  private static Rules rules(Map<String, Duration> ttl, List<String> kinds, List<String> keys, List<String> paths) {
    return new Rules(new TreeMap<>(ttl), Optional.of(new TreeSet<>(kinds)), Optional.of(new TreeSet<>(keys)),
        Optional.of(paths));
  }

  @Test
  void takes_nothingSaid_takesEverything() {
    assertTrue(Rules.NONE.takesKind("Grant"));
    assertTrue(Rules.NONE.takesLife("Grant", Duration.ofDays(9999)));
    assertTrue(Rules.NONE.takesKeyType("ssh-dss"));
    assertTrue(Rules.NONE.takesFile("/etc/shadow"));
    assertFalse(Rules.NONE.takesNothing());
  }

  @Test
  void takesLife_theLongest_isTakenAndASecondMoreIsNot() {
    Rules rules = rules(Map.of("Grant", Duration.ofMinutes(15)), List.of("Grant"), List.of(), List.of());
    assertTrue(rules.takesLife("Grant", Duration.ofMinutes(15)));
    assertFalse(rules.takesLife("Grant", Duration.ofMinutes(15).plusSeconds(1)));
    assertTrue(rules.takesLife("Token", Duration.ofDays(1)), "only kinds that are named are bounded");
    assertFalse(rules.takesKind("Token"));
  }

  @Test
  void takesFile_strictlyBelowAFolder() {
    Rules rules = rules(Map.of(), List.of(), List.of(), List.of("/etc/ssh/dvault"));
    assertTrue(rules.takesFile("/etc/ssh/dvault/key"));
    assertFalse(rules.takesFile("/etc/ssh/dvault"));
    assertFalse(rules.takesFile("/etc/ssh/dvaults/key"));
    assertFalse(rules.takesFile("/etc/ssh/key"));
    assertTrue(rules.takesFolder("/etc/ssh/dvault"));
    assertFalse(rules.takesFolder("/etc/ssh"));
  }

  @Test
  void and_two_isWhatBothAllow() {
    Rules one = rules(Map.of("Grant", Duration.ofMinutes(15), "Token", Duration.ofDays(1)), List.of("Grant", "Token"),
        List.of("ssh-ed25519"), List.of("/etc/ssh", "/opt/app"));
    Rules other = rules(Map.of("Grant", Duration.ofMinutes(5)), List.of("Grant"),
        List.of("ssh-ed25519", "ssh-rsa"), List.of("/etc/ssh/dvault", "/opt", "/srv"));
    Rules both = rules(Map.of("Grant", Duration.ofMinutes(5), "Token", Duration.ofDays(1)), List.of("Grant"),
        List.of("ssh-ed25519"), List.of("/etc/ssh/dvault", "/opt/app"));
    assertEquals(both, one.and(other));
    assertEquals(both, other.and(one));
    assertEquals(one, one.and(Rules.NONE));
    assertEquals(one, Rules.NONE.and(one));
  }

  @Test
  void and_nothingInCommon_takesNothing() {
    Rules one = new Rules(new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.of(List.of("/etc")));
    Rules other = new Rules(new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.of(List.of("/opt")));
    assertTrue(one.and(other).takesNothing());
  }
}
