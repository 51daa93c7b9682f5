package io.dvault.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.git.RepositoryView;
import io.dvault.git.VaultRepository;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import io.dvault.policy.Policies;
import io.dvault.yaml.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Read while the bytes are at hand, a repository says what it says when it is read in one go. */
@Tag("T28")
class PlainFilesTest {
  @TempDir Path folder;
  private final PlainFiles plain = new PlainFiles();
  private TestVault vault;
  private Path device;

  @BeforeEach
  void fleet() {
    vault = TestVault.in(folder).device("d1", "role: drone").device("d2", "role: drone").authority("fleet-ssh", 1)
        .hostCertificate("host", "{selector: {role: drone}}", "7d", "2d");
    device = folder.resolve("devices/d1.yaml");
  }

  private RepositoryView view() {
    try (VaultRepository repository = VaultRepository.open(folder)) {
      return repository.workTree(plain);
    }
  }

  private DesiredState read(RepositoryView view) {
    Findings findings = new Findings();
    DesiredState state = ConfigReader.read(
        view, plain, TestVault.plugins(), findings, enrolments(), new Policies()).orElseThrow();
    assertEquals(0, findings.count());
    return state;
  }

  /** As a plan has it: looked at later, or never. */
  private static EnrolmentCache enrolments() {
    return new DeferredEnrolments(EnrolmentCache.NONE);
  }

  @Test
  void read_whileTheBytesAreAtHand_saysTheSame() {
    DesiredState expected = vault.desired();
    RepositoryView view = view();
    DesiredState state = read(view);
    assertEquals(expected.devices(), state.devices());
    assertEquals(expected.entries(), state.entries());
    assertEquals(vault.view().digest(), view.digest());
    assertEquals(expected.devices(), read(view).devices()); // a second time: from the files again
  }

  /** Nor is anything read again to find out whether an enrolment is known that the registry vouches for. */
  @Test
  void check_vouchedFor_isNeitherLookedUpNorChecked() throws IOException {
    List<Bytes32> asked = Collections.synchronizedList(new ArrayList<>());
    Set<Bytes32> known = ConcurrentHashMap.newKeySet();
    DeferredEnrolments waiting = waiting(asked, known);
    ConfigReader.read(view(), plain, TestVault.plugins(), new Findings(), waiting, new Policies()).orElseThrow();
    Files.writeString(device, "changed");
    assertTrue(waiting.check(Set.of("d1")));
    assertEquals(1, asked.size());
    assertEquals(Set.copyOf(asked), known);

    Files.writeString(device, Files.readString(folder.resolve("devices/d2.yaml")).replace("d2", "d1"));
    DeferredEnrolments again = waiting(asked, known);
    ConfigReader.read(view(), plain, TestVault.plugins(), new Findings(), again, new Policies());
    assertFalse(again.check(Set.of())); // d1's proof is d2's
    assertEquals(1, known.size());
  }

  private static DeferredEnrolments waiting(List<Bytes32> asked, Set<Bytes32> known) {
    return new DeferredEnrolments(new EnrolmentCache() {
      @Override
      public boolean isEmpty() {
        return false;
      }

      @Override
      public boolean holds(Bytes32 enrolment) {
        asked.add(enrolment);
        return known.contains(enrolment);
      }

      @Override
      public void add(Bytes32 enrolment) {
        known.add(enrolment);
      }
    });
  }

  /** So the bytes were let go, and whoever asks for them later gets the very same ones or none. */
  @Test
  void recipient_fileChangedMeanwhile_isRefused() throws IOException {
    DesiredState state = read(view());
    Files.writeString(device, Files.readString(device).replace("drone", "other"));
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> state.devices().get("d1").recipient().toString());
    assertEquals("DV054", e.diagnostics().getFirst().code());
    assertTrue(state.devices().get("d2").recipient().toString().startsWith("age1"));
  }
}
