package io.dvault.agent;

import static io.dvault.agent.TestFleet.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.converge.Cycle.Report;
import io.dvault.disk.Checkpoint;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.ledger.Anchor;
import io.dvault.ledger.Commit;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** RPC endpoints that forge, hide, hold back, roll back, or are of another chain. */
@ExtendWith(TestFleet.Fixture.class)
class HostileEndpointTest {
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  HostileEndpointTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @Test
  @Tag("T1")
  void look_endpointForgesRoot_isRefusedAndNothingChanges() throws IOException {
    fleet.commitApp("one");
    device.look();
    vault.put(device.recipient, APP.file("/etc/app/secret", "forged"));
    Commit forged = vault.build();
    vault.rpc.alterHead(words -> {
      byte[] changed = words.clone();
      replace(changed, vault.fixture.head().root().toArray(), forged.root().toArray());
      incrementEpoch(changed);
      return changed;
    });
    Report report = device.look();
    assertEquals(List.of("DV523"), TestDevice.codes(report));
    fleet.assertHolds("one");
    assertEquals(1, device.trust().epoch());
    vault.rpc.beHonest();
    assertEquals(List.of(), device.look().problems());
  }

  /** The head's words: the one that holds 1 is the epoch (word 0 of the record). */
  private static void incrementEpoch(byte[] words) {
    for (int at = 31; at < words.length; at += 32) {
      boolean one = words[at] == 1;
      for (int i = at - 31; i < at && one; i++) {
        one = words[i] == 0;
      }
      if (one) {
        words[at] = 2;
        return;
      }
    }
    throw new IllegalStateException("no epoch in the head");
  }

  private static void replace(byte[] words, byte[] old, byte[] next) {
    for (int at = 0; at + 32 <= words.length; at += 32) {
      if (Arrays.equals(Arrays.copyOfRange(words, at, at + 32), old)) {
        System.arraycopy(next, 0, words, at, 32);
        return;
      }
    }
    throw new IllegalStateException("no root in the head");
  }

  @Test
  @Tag("T1")
  @Tag("O10")
  void look_endpointServesAWholeChainOfItsOwn_approvedByOtherKeys_isRefused() throws IOException {
    fleet.commitApp("one");
    device.look();
    try (AnvilProcess evil = AnvilProcess.start(AnvilProcess.Options.defaults());
        TestVault twin = new TestVault(evil)) {
      assertEquals(
          vault.fixture.ref(), twin.fixture.ref(), "the same contract address on the other chain");
      // The attacker's vault has another id; it takes ours by answering our calls on its own chain:
      // unknown there.
      Files.writeString(
          device.layout.config(), TestDevice.AGENT_YAML + "rpc: [\"" + twin.rpc.rpc() + "\"]\n");
      assertEquals(List.of("DV527"), TestDevice.codes(device.look()));
      fleet.assertHolds("one");
    }
  }

  @Test
  @Tag("T2")
  void look_endpointDropsEveryLog_stillUpdates() throws IOException {
    vault.rpc.dropLogs();
    fleet.commitApp("one");
    assertEquals(List.of(), device.look().problems());
    fleet.assertHolds("one");
  }

  @Test
  @Tag("T3")
  void look_headHeldBackPastItsEnd_raisesTheStaleAlarm() throws IOException {
    vault.fresh = Duration.ofDays(2);
    fleet.commitApp("one");
    device.look();
    vault.rpc.pinTo(vault.fixture.head().readAt().number());
    fleet.commitApp("two");
    assertEquals(List.of(), device.look().problems());
    fleet.assertHolds("one");
    device.clock.shift(Duration.ofDays(3));
    assertEquals(List.of("DV526"), TestDevice.codes(device.look()));
    fleet.assertHolds("one");
    vault.rpc.beHonest();
    device.look();
    fleet.assertHolds("two");
  }

  @Test
  @Tag("T4")
  @Tag("G5")
  void look_chainRolledBack_neverGoesBack() throws IOException {
    fleet.commitApp("one");
    String snapshot =
        vault.anvil("evm_snapshot", "[]").replaceAll(".*\"result\":(\"[^\"]+\").*", "$1");
    fleet.commitApp("two");
    device.look();
    vault.anvil("evm_revert", "[" + snapshot + "]");
    assertEquals(1, vault.epoch());
    Report report = device.look();
    assertEquals(List.of("DV522"), TestDevice.codes(report));
    fleet.assertHolds("two");
    assertEquals(2, device.trust().epoch());
  }

  @Test
  @Tag("T4")
  @Tag("T6")
  void look_sameEpochWithAnotherApprovedRoot_isFollowedOnlyOnceFinal() throws IOException {
    fleet.commitApp("one");
    String snapshot =
        vault.anvil("evm_snapshot", "[]").replaceAll(".*\"result\":(\"[^\"]+\").*", "$1");
    fleet.commitApp("two");
    device.look();
    vault.anvil("evm_revert", "[" + snapshot + "]");
    vault.put(device.recipient, APP.file("/etc/app/secret", "the other two"));
    vault.commit();
    assertEquals(2, vault.epoch());
    String finalized = vault.anvil("eth_getBlockByNumber", "[\"finalized\",false]");
    assertTrue(number(finalized) < vault.fixture.head().committedAt(), finalized);
    assertEquals(List.of("DV524"), TestDevice.codes(device.look()));
    fleet.assertHolds("two");
    vault.anvil("anvil_mine", "[\"0x100\"]");
    device.look();
    fleet.assertHolds("the other two");
  }

  private static long number(String block) {
    return Long.decode(block.replaceAll(".*\"number\":\"(0x[0-9a-f]+)\".*", "$1"));
  }

  @Test
  @Tag("T7")
  void look_otherChainAtTheSameAddress_isRefused() throws IOException {
    fleet.commitApp("one");
    device.look();
    vault.rpc.claimChain(1);
    assertEquals(List.of("DV528"), TestDevice.codes(device.look()));
    fleet.assertHolds("one");
  }

  @Test
  @Tag("T7")
  void look_otherCodeAtTheAddress_isRefused() throws IOException {
    fleet.commitApp("one");
    vault.rpc.alterText("eth_getCode", code -> code.replaceFirst("\"0x6", "\"0x5"));
    assertEquals(List.of("DV521"), TestDevice.codes(device.look()));
    assertFalse(device.has("/etc/app/secret"));
  }

  @Test
  @Tag("T1")
  void look_endpointClaimsTheYear2200_isNotBelieved() throws IOException {
    fleet.commitApp("one");
    device.look();
    vault.rpc.alterText(
        "eth_getBlockByNumber",
        block ->
            block.replaceAll("\"timestamp\":\"0x[0-9a-f]+\"", "\"timestamp\":\"0x1b0c43580\""));
    device.look();
    fleet.assertHolds("one");
    assertTrue(device.trust().floor().isBefore(Instant.now().plusSeconds(120)));
  }

  @Test
  @Tag("G4")
  void look_quorumOfTwo_oneEndpointLies_majorityIsFollowed() throws IOException {
    Files.writeString(
        device.layout.config(),
        TestDevice.AGENT_YAML + "rpc: [\"" + vault.rpc.rpc() + "\", \"" + fleet.anvil.rpc()
            + "\", \"" + fleet.anvil.rpc().toString().replace("127.0.0.1", "localhost")
            + "\"]\nquorum: 2\n");
    fleet.commitApp("one");
    vault.rpc.alterHead(words -> new byte[words.length]);
    assertEquals(List.of(), device.look().problems());
    fleet.assertHolds("one");
  }

  @Test
  @Tag("T7")
  void enroll_anchorOfAnotherContract_isRefusedByName() throws IOException {
    var anchor = vault.anchor();
    var wrong = new Anchor(
        anchor.name(),
        anchor.vault(),
        anchor.ref(),
        Bytes32.sha256("other code"),
        anchor.rpc(),
        1,
        anchor.gateways(),
        anchor.governanceVersion(),
        anchor.governance());
    Layout layout = Layout.of(fleet.folder.resolve("new"));
    Enrolment enrolment =
        new Enrolment(layout, new DurableFiles(Checkpoint.NONE), new SecureRandom());
    DiagnosticException e = assertThrows(
        DiagnosticException.class,
        () -> enrolment.enroll(
            wrong,
            "drone-8",
            new TreeMap<>(),
            true,
            TestVault.now(),
            new ChainCheck(System.err)::check));
    assertEquals("DV511", e.diagnostics().getFirst().code());
    assertFalse(Files.exists(layout.trust()), "nothing was pinned");
  }
}
