package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dvault.ledger.AnchorYaml;
import io.dvault.model.DiagnosticException;
import io.dvault.testing.Peers;
import io.dvault.testing.PrivateMounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Disks that are full, read-only or somebody else's; a state that was changed; two agents at once. Real processes. */
@ExtendWith(TestFleet.Fixture.class)
class DiskTest {
  private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  DiskTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @Test
  @Tag("T23")
  void look_trustStateDamaged_isRefusedLoudlyAndNeverReset() throws IOException {
    fleet.commitApp("one");
    device.look();
    byte[] state = Files.readAllBytes(device.layout.trust());
    state[50] ^= 1;
    Files.write(device.layout.trust(), state);
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> device.look());
    assertEquals("DV520", e.diagnostics().getFirst().code());
    assertTrue(
        String.join(" ", e.diagnostics().getFirst().detail()).contains("enroll"),
        "it names the way out");
    fleet.assertHolds("one");
    Files.delete(device.layout.trust());
    assertEquals(
        "DV520",
        assertThrows(DiagnosticException.class, () -> device.look())
            .diagnostics()
            .getFirst()
            .code());
  }

  @Test
  @Tag("peer:setpriv")
  void enroll_folderMayNotBeWritten_isOneDiagnosticAndMakesNothing() throws IOException {
    Path root = Files.createDirectories(fleet.folder.resolve("closed"));
    Path anchor =
        Files.writeString(fleet.folder.resolve("anchor.yaml"), AnchorYaml.write(vault.anchor()));
    mode(root, "r-xr-xr-x");
    Peers.Output said = asOrdinaryUser(
        "enroll", "--root", root.toString(), "--anchor", anchor.toString(), "--name", "drone-8");
    assertRefused(said, "DV504", root.resolve("var") + ": permission denied");
    assertFalse(Files.exists(root.resolve("var")));
  }

  @Test
  @Tag("peer:setpriv")
  void once_stateFolderReadOnly_isOneDiagnosticAndChangesNothing() throws IOException {
    fleet.commitApp("one");
    device.look();
    fleet.commitApp("two");
    mode(device.layout.state(), "r-xr-xr-x");
    assertRefused(asOrdinaryUser("once", "--root", root()), "DV504", "permission denied");
    fleet.assertHolds("one");
    mode(device.layout.state(), "rwx--x--x");
    assertEquals(0, asOrdinaryUser("once", "--root", root()).exitCode());
    fleet.assertHolds("two");
  }

  @Test
  @Tag("peer:setpriv")
  void commands_stateFolderOfAnotherUser_saySoAndNotThatItIsNotEnrolled() throws IOException {
    assumeTrue(IS_ROOT, "gives a folder to another user: needs root");
    Path state = device.layout.state();
    Files.setOwner(
        state,
        state.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    mode(device.layout.state(), "rwx------");
    for (String command : List.of("once", "run", "status")) {
      assertRefused(
          asOrdinaryUser(command, "--root", root()), "DV504", device.layout.state() + "/");
    }
  }

  @Test
  @Tag("T23")
  void once_fileCannotBeWrittenWhole_isOneDiagnosticAndTheNextLookConverges() throws IOException {
    fleet.commitApp("one");
    device.look();
    fleet.commitApp("two".repeat(100_000));
    List<String> limited = new ArrayList<>(List.of("sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"));
    limited.addAll(AgentProcess.command("once", "--root", root()));
    assertRefused(Peers.run(limited), "DV504", "File too large");
    fleet.assertHolds("one");
    assertEquals(0, Peers.run(AgentProcess.command("once", "--root", root())).exitCode());
    fleet.assertHolds("two".repeat(100_000));
  }

  /** On a file system of its own, which only the processes of this test see. */
  @Test
  @Tag("T23")
  @Tag("peer:unshare")
  void once_diskFull_isOneDiagnosticAndConvergesWhenThereIsRoom() throws IOException {
    PrivateMounts.assumeAllowed();
    fleet.commitApp("one");
    device.look();
    fleet.commitApp("two".repeat(100_000));
    Path script = Files.writeString(fleet.folder.resolve("full.sh"), """
        set -e
        state=$1; keep=$2; shift 2
        cp -a "$state" "$keep"
        mount -t tmpfs -o size=2m none "$state"
        cp -a "$keep/." "$state"
        head -c 2000000 /dev/zero > "$state/ballast" 2>/dev/null || true
        "$@" 2>&1 && exit 9
        cat "$DEVICE/etc/app/secret"; echo
        rm "$state/ballast"
        "$@" 2>&1
        head -c 6 "$DEVICE/etc/app/secret"; echo
        """);
    List<String> words = new ArrayList<>(
        List.of(device.layout.state().toString(), fleet.folder.resolve("keep").toString()));
    words.addAll(AgentProcess.command("once", "--root", root()));
    String said =
        Peers.run(PrivateMounts.command("DEVICE=" + root(), script, words)).requireSuccess();
    assertTrue(
        said.matches(
            "(?s).*Error: [^\n]*\\[DV504]\n[^\n]*No space left on device.*\none\n.*\ntwotwo\n"),
        said);
  }

  @Test
  void once_whileAnotherAgentRuns_isRefusedByName() throws Exception {
    fleet.commitApp("one");
    try (AgentProcess agent = AgentProcess.run(device.layout.root())) {
      agent.await("the first", () -> device.has("/etc/app/secret"));
      for (String command : List.of("once", "run")) {
        Peers.Output said = Peers.run(AgentProcess.command(command, "--root", root()));
        assertRefused(said, "DV503", device.layout.lock().toString());
      }
    }
  }

  /** The agent without what lets root pass by the modes of files. */
  private static Peers.Output asOrdinaryUser(String... arguments) {
    List<String> command = new ArrayList<>();
    if (IS_ROOT) {
      command.addAll(
          List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"));
    }
    command.addAll(AgentProcess.command(arguments));
    return Peers.run(command);
  }

  private String root() {
    return device.layout.root().toString();
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private static void assertRefused(Peers.Output said, String code, String what) {
    assertEquals(1, said.exitCode(), said.text());
    assertTrue(
        said.text().contains("Error: ") && said.text().contains("[" + code + "]"), said.text());
    assertTrue(said.text().contains(what), said.text());
    assertEquals(
        1, said.text().lines().filter(line -> line.startsWith("Error: ")).count(), said.text());
    assertFalse(said.text().contains("\tat "), said.text());
  }
}
