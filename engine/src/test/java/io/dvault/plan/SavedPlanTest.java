package io.dvault.plan;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.config.TestVault;
import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("P3")
@Tag("P4")
class SavedPlanTest {
  @TempDir
  Path folder;

  @TempDir
  Path elsewhere;

  private Scenario scenario;
  private Path file;

  @BeforeEach
  void plan() {
    TestVault vault = TestVault.in(folder)
        .device("drone-1", "role: drone")
        .authority("fleet-ssh", 1)
        .hostCertificate("host", "{names: [drone-1]}", "7d", "2d")
        .grant("alice", "{names: [drone-1]}", "5m", "x");
    scenario = new Scenario(vault);
    file = elsewhere.resolve("a.plan");
    SavedPlan.write(file, scenario.plan());
  }

  private static String code(Runnable action) {
    return assertThrows(DiagnosticException.class, action::run)
        .diagnostics()
        .getFirst()
        .code();
  }

  @Test
  void read_whatWasWritten_isTheSamePlanLater() throws Exception {
    SavedPlan saved = SavedPlan.read(file);
    assertEquals(scenario.plan().base(), saved.base());
    assertEquals(Scenario.START, saved.at());
    saved.requireBase(scenario.plan().base());
    saved.requireSame(scenario.plan());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void requireSame_otherInstantWithTheSameOutcome_isStaleBecauseTheInstantBinds() {
    SavedPlan saved = SavedPlan.read(file);
    scenario.pass(Duration.ofSeconds(1));
    assertEquals("DV207", code(() -> saved.requireSame(scenario.plan())));
  }

  @Test
  void requireSame_guardianActedMeanwhile_isStale() {
    scenario.apply();
    scenario
        .vault
        .device("drone-2", "role: drone")
        .hostCertificate("host", "{names: ['drone-*']}", "7d", "2d");
    SavedPlan.write(file, scenario.plan());
    scenario.guardianRevokes("SshCertificate/host@drone-1", 1);
    SavedPlan.read(file).requireBase(scenario.plan().base());
    assertEquals("DV207", code(() -> SavedPlan.read(file).requireSame(scenario.plan())));
  }

  @Test
  void requireBase_vaultMovedOn_isStale() {
    SavedPlan saved = SavedPlan.read(file);
    scenario.apply();
    assertEquals("DV201", code(() -> saved.requireBase(scenario.plan().base())));
  }

  @Test
  void requireBase_filesChanged_isStale() {
    SavedPlan saved = SavedPlan.read(file);
    scenario.vault.grant("alice", "{names: [drone-1]}", "6m", "x");
    assertEquals("DV201", code(() -> saved.requireBase(scenario.plan().base())));
  }

  static Stream<PlanBase> otherVaults() {
    PlanBase base = new PlanBase(
        31337,
        EvmAddress.parse(TestVault.CONTRACT),
        TestVault.ID,
        0,
        Bytes32.ZERO,
        "",
        false,
        Bytes32.ZERO);
    return Stream.of(
        new PlanBase(1, base.contract(), base.vault(), 0, base.root(), "", false, base.sources()),
        new PlanBase(
            31337,
            EvmAddress.of(new byte[20]),
            base.vault(),
            0,
            base.root(),
            "",
            false,
            base.sources()),
        new PlanBase(
            31337,
            base.contract(),
            new VaultId(Bytes32.ZERO),
            0,
            base.root(),
            "",
            false,
            base.sources()));
  }

  @Test
  void requireBase_otherChainContractOrVault_isRefused() {
    SavedPlan saved = SavedPlan.read(file);
    otherVaults().forEach(other -> assertEquals("DV203", code(() -> saved.requireBase(other))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "not json",
        "[]",
        "null",
        "{\"format\": \"dvault-plan\"}",
        "{\"format\": \"dvault-plan\", \"format_version\": 99}",
        "{\"format\": \"dvault-plan\", \"format_version\": 1}"
      })
  void read_somethingElse_isRefused(String text) throws Exception {
    Files.writeString(file, text);
    assertEquals("DV202", code(() -> SavedPlan.read(file)));
  }

  @Test
  void read_missingFile_isRefused() {
    assertEquals("DV202", code(() -> SavedPlan.read(elsewhere.resolve("none"))));
  }

  @Test
  void read_anyDigitChanged_isRefused() throws Exception {
    String text = Files.readString(file);
    for (String field :
        List.of("\"epoch\" : 0", "\"generation\" : 1", "\"ttl\"", "\"commit\" : \"\"")) {
      Files.writeString(
          file,
          text.replaceFirst(
              java.util.regex.Pattern.quote(field),
              field
                  .replace('0', '1')
                  .replace("1", "2")
                  .replace("ttl", "tll")
                  .replace(": \"\"", ": \"x\"")));
      assertEquals("DV202", code(() -> SavedPlan.read(file)), field);
    }
  }

  @Test
  void write_folderMissing_isToldAndLeavesNothing() {
    assertEquals(
        "DV202",
        code(() -> SavedPlan.write(elsewhere.resolve("no/such/folder/x"), scenario.plan())));
    assertDoesNotThrow(() -> SavedPlan.read(file));
  }

  @Test
  @Tag("T27")
  void write_holdsNoSaltAndNoRecipient() throws Exception {
    String text = Files.readString(file);
    assertFalse(text.contains(Bytes32.sha256("salt").hex()));
    assertFalse(text.contains("age1"));
    assertFalse(text.contains("PRIVATE"));
  }
}
