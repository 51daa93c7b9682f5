package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.config.ConfigReader;
import io.dvault.config.PolicyLanguage;
import io.dvault.config.EnrolmentCache;
import io.dvault.config.PlainFiles;
import io.dvault.config.TestVault;
import io.dvault.model.Bytes32;
import io.dvault.yaml.Findings;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedEnrolmentsTest {
  private static final Bytes32 ONE = Bytes32.sha256("one");

  @TempDir Path cache;
  @TempDir Path root;

  private CheckedEnrolments open(String home) {
    Terminal terminal = new Terminal(System.out, System.err, false, false, false, 80);
    return CheckedEnrolments.open(new CommandContext(terminal, new BufferedReader(new StringReader("")),
        Map.of("XDG_CACHE_HOME", home), root, Optional.empty(), Clock.systemUTC(), new SecureRandom()), root);
  }

  private Path file() throws Exception {
    try (var files = Files.list(cache.resolve("dvault"))) {
      return files.filter(each -> each.getFileName().toString().startsWith("enrolments-")).findFirst().orElseThrow();
    }
  }

  private void saveOne() {
    CheckedEnrolments first = open(cache.toString());
    first.add(ONE);
    first.save();
  }

  @Test
  void save_thenOpen_remembers() throws Exception {
    saveOne();
    assertTrue(open(cache.toString()).holds(ONE));
    assertFalse(open(cache.toString()).holds(Bytes32.sha256("two")));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
  }

  @Test
  void open_othersCouldHaveWrittenIt_remembersNothing() throws Exception {
    saveOne();
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw----"));
    assertFalse(open(cache.toString()).holds(ONE));
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(cache.resolve("dvault"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertFalse(open(cache.toString()).holds(ONE));
  }

  @Test
  void open_symbolicLink_remembersNothing() throws Exception {
    saveOne();
    Path file = file();
    Path elsewhere = Files.move(file, cache.resolve("elsewhere"));
    Files.createSymbolicLink(file, elsewhere);
    assertFalse(open(cache.toString()).holds(ONE));
  }

  /** A plan asks for those alone that it relies on; what it did not ask for stays known. */
  @Test
  void saveSome_keepsTheOthers() {
    saveOne();
    Bytes32 two = Bytes32.sha256("two");
    CheckedEnrolments asked = open(cache.toString());
    asked.saveSome();
    asked.add(two);
    asked.saveSome();
    CheckedEnrolments again = open(cache.toString());
    assertTrue(again.holds(ONE));
    assertTrue(again.holds(two));
    CheckedEnrolments whole = open(cache.toString());
    assertTrue(whole.holds(two));
    whole.save();
    assertFalse(open(cache.toString()).holds(ONE));
  }

  @Test
  void open_relativeFolder_isNeverTheRepository() {
    CheckedEnrolments relative = open(".dvault");
    relative.add(ONE);
    relative.save();
    assertFalse(open(".dvault").holds(ONE));
    assertFalse(Files.exists(root.resolve(".dvault")));
  }

  @Test
  void read_withACache_checksOnceAndOnlyTheSame() {
    TestVault vault = TestVault.in(root).device("drone-1", "role: drone").device("drone-2", "role: drone");
    Set<Bytes32> known = new HashSet<>();
    int[] hits = {0};
    EnrolmentCache remembering = new EnrolmentCache() {
      @Override
      public boolean isEmpty() {
        return false;
      }

      @Override
      public synchronized boolean holds(Bytes32 enrolment) {
        hits[0] += known.contains(enrolment) ? 1 : 0;
        return known.contains(enrolment);
      }

      @Override
      public synchronized void add(Bytes32 enrolment) {
        known.add(enrolment);
      }
    };
    assertEquals(List.of(), read(vault, remembering));
    assertEquals(2, known.size());
    assertEquals(List.of(), read(vault, remembering));
    assertEquals(2, hits[0]);
    vault.device("drone-1", "role: drone");
    try {
      Path file = root.resolve("devices/drone-2.yaml");
      Files.writeString(file, Files.readString(file).replaceFirst("proof: \"..", "proof: \"AA"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertEquals(List.of("DV031"), read(vault, remembering));
    assertEquals(List.of("DV031"), read(vault, remembering));
  }

  private static List<String> read(TestVault vault, EnrolmentCache cache) {
    Findings findings = new Findings();
    ConfigReader.read(
        vault.view(), new PlainFiles(), TestVault.plugins(), findings, cache, PolicyLanguage.UNCHECKED);
    return findings.sorted().stream().map(each -> each.code()).toList();
  }
}
