package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import io.dvault.testing.PrivateMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that are full or read-only under a vault's repository. dVault runs as a process that alone sees another file
 * system there (a mount namespace), so the kernel itself says no.
 */
@Timeout(120)
@Tag("peer:unshare")
class FullDiskTest {
  @TempDir
  Path folder;

  @BeforeEach
  void needsMounts() {
    PrivateMounts.assumeAllowed();
  }

  /** Runs dVault after {@code mounts}, with $V for the vault's folder; what {@code after} prints comes behind. */
  private Peers.Output dvault(String mounts, String after, String... arguments) throws IOException {
    Path script = Files.writeString(
        Files.createTempFile("full-disk-", ".sh"),
        "set -e\n" + mounts + "\nset +e\n\"$@\" 2>&1\nexit=$?\n" + after + "\nexit $exit\n");
    try {
      return Peers.run(PrivateMounts.command(
          "V=" + folder,
          script,
          KilledApply.command(folder, "nowhere", folder.resolve("never"), arguments)));
    } finally {
      Files.delete(script);
    }
  }

  private static void assertRefused(Peers.Output said, String code, String what) {
    assertEquals(1, said.exitCode(), said.text());
    assertEquals(
        1, said.text().lines().filter(line -> line.startsWith("Error: ")).count(), said.text());
    assertTrue(said.text().contains("[" + code + "]") && said.text().contains(what), said.text());
    assertFalse(said.text().contains("\tat "), said.text());
  }

  /** Nothing was committed by what failed, and the same command does it all as soon as it can. */
  private void assertAppliesNow(ScriptRun run) throws IOException {
    assertEquals(0, run.dvault(List.of(), "log"), run::output);
    assertFalse(run.output().contains("epoch 1"), run::output);
    assertEquals(0, run.dvault(List.of(), "apply", "--auto-approve"), run::output);
    assertEquals(0, run.dvault(List.of(), "plan", "--detailed-exitcode"), run::output);
    try (Stream<Path> left = Files.walk(folder.resolve(".dvault"))) {
      assertEquals(
          List.of(),
          left.filter(each -> each.toString().matches(".*(\\.tmp|journal-.*)")).toList());
    }
  }

  @Test
  @Tag("T29")
  void apply_noRoomForTheBlocks_isOneDiagnosticAndLeavesNothingHalfDone() throws Exception {
    try (ScriptRun run = ScriptRun.withOneKey(folder)) {
      Peers.Output said =
          dvault("""
          mount -t tmpfs -o size=64k none "$V/.dvault/blocks"
          head -c 64000 /dev/zero > "$V/.dvault/blocks/ballast" 2>/dev/null || true
          """, "ls -A \"$V/.dvault/blocks\" | sed 's/^/left: /'", "apply", "--auto-approve");
      assertRefused(said, "DV410", "No space left on device");
      assertEquals(
          List.of("left: .lock", "left: ballast"),
          said.text().lines().filter(line -> line.startsWith("left: ")).toList(),
          "no temporary file stays");
      assertAppliesNow(run);
    }
  }

  @Test
  @Tag("T29")
  void apply_noRoomForTheJournal_sendsNothing() throws Exception {
    try (ScriptRun run = ScriptRun.withOneKey(folder)) {
      Peers.Output said = dvault("""
          mkdir "$V/real"
          mount --bind "$V/.dvault" "$V/real"
          mount -t tmpfs -o size=256k none "$V/.dvault"
          mkdir "$V/.dvault/blocks"
          cp -a "$V/real/"*.json "$V/.dvault/" 2>/dev/null || true
          mount --bind "$V/real/blocks" "$V/.dvault/blocks"
          head -c 262144 /dev/zero > "$V/.dvault/ballast" 2>/dev/null || true
          """, "", "apply", "--auto-approve");
      assertRefused(said, "DV906", "No space left on device");
      Files.deleteIfExists(folder.resolve("real"));
      assertAppliesNow(run);
    }
  }

  @Test
  void repositoryReadOnly_planWorks_andWhatWritesSaysSoOnce() throws Exception {
    String readOnly = "mount --bind \"$V\" \"$V\"\nmount -o remount,ro,bind \"$V\"\n";
    try (ScriptRun run = ScriptRun.withOneKey(folder)) {
      Peers.Output plan = dvault(readOnly, "", "plan");
      assertEquals(0, plan.exitCode(), plan.text());
      assertTrue(
          plan.text().contains("1 to issue") || plan.text().contains("+ SshKey/robot@drone-1"),
          plan.text());
      assertRefused(
          dvault(readOnly, "", "plan", "--out", "saved"), "DV906", "Read-only file system");
      Peers.Output apply = dvault(readOnly, "", "apply", "--auto-approve");
      assertEquals(1, apply.exitCode(), apply.text());
      assertEquals(
          1, apply.text().lines().filter(line -> line.startsWith("Error: ")).count(), apply.text());
      assertTrue(apply.text().contains("Read-only file system"), apply.text());
      assertAppliesNow(run);
    }
  }
}
