package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.bundle.Identity;
import io.dvault.bundle.Payload;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.converge.Cycle.Report;
import io.dvault.dag.Block;
import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.DiagnosticException;
import io.dvault.model.RevocationId;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints, gateways, clocks and disks that lie. */
class HostileWorldTest {
  private static final TestEntry APP = TestEntry.named("app");
  private static AnvilProcess anvil;

  @TempDir
  Path folder;

  private TestVault vault;
  private TestDevice device;

  @BeforeAll
  static void startChain() {
    anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
  }

  @AfterAll
  static void stopChain() {
    anvil.close();
  }

  @BeforeEach
  void start() throws IOException {
    vault = new TestVault(anvil);
    device = new TestDevice(vault, folder.resolve("drone-7"), "drone-7", TestDevice.AGENT_YAML);
  }

  @AfterEach
  void stop() {
    vault.close();
  }

  private void commitApp(String content) {
    vault.put(device.recipient, APP.file("/etc/app/secret", content));
    vault.commit();
  }

  private void assertHolds(String content) throws IOException {
    assertEquals(content, device.read("/etc/app/secret"));
  }

  @Test
  @Tag("T1")
  void look_endpointForgesRoot_isRefusedAndNothingChanges() throws IOException {
    commitApp("one");
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
    assertHolds("one");
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
      if (java.util.Arrays.equals(java.util.Arrays.copyOfRange(words, at, at + 32), old)) {
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
    commitApp("one");
    device.look();
    try (AnvilProcess evil = AnvilProcess.start(AnvilProcess.Options.defaults()); TestVault twin = new TestVault(evil)) {
      assertEquals(vault.fixture.ref(), twin.fixture.ref(), "the same contract address on the other chain");
      // The attacker's vault has another id; it takes ours by answering our calls on its own chain: unknown there.
      Files.writeString(device.layout.config(), TestDevice.AGENT_YAML + "rpc: [\"" + twin.rpc.rpc() + "\"]\n");
      assertEquals(List.of("DV527"), TestDevice.codes(device.look()));
      assertHolds("one");
    }
  }

  @Test
  @Tag("T2")
  void look_endpointDropsEveryLog_stillUpdates() throws IOException {
    vault.rpc.dropLogs();
    commitApp("one");
    assertEquals(List.of(), device.look().problems());
    assertHolds("one");
  }

  @Test
  @Tag("T3")
  void look_headHeldBackPastItsEnd_raisesTheStaleAlarm() throws IOException {
    vault.fresh = Duration.ofDays(2);
    commitApp("one");
    device.look();
    vault.rpc.pinTo(vault.fixture.head().readAt().number());
    commitApp("two");
    assertEquals(List.of(), device.look().problems());
    assertHolds("one");
    device.clock.shift(Duration.ofDays(3));
    assertEquals(List.of("DV526"), TestDevice.codes(device.look()));
    assertHolds("one");
    vault.rpc.beHonest();
    device.look();
    assertHolds("two");
  }

  @Test
  @Tag("T4")
  @Tag("G5")
  void look_chainRolledBack_neverGoesBack() throws IOException {
    commitApp("one");
    String snapshot = vault.anvil("evm_snapshot", "[]").replaceAll(".*\"result\":(\"[^\"]+\").*", "$1");
    commitApp("two");
    device.look();
    vault.anvil("evm_revert", "[" + snapshot + "]");
    assertEquals(1, vault.epoch());
    Report report = device.look();
    assertEquals(List.of("DV522"), TestDevice.codes(report));
    assertHolds("two");
    assertEquals(2, device.trust().epoch());
  }

  @Test
  @Tag("T4")
  @Tag("T6")
  void look_sameEpochWithAnotherApprovedRoot_isFollowedOnlyOnceFinal() throws IOException {
    commitApp("one");
    String snapshot = vault.anvil("evm_snapshot", "[]").replaceAll(".*\"result\":(\"[^\"]+\").*", "$1");
    commitApp("two");
    device.look();
    vault.anvil("evm_revert", "[" + snapshot + "]");
    vault.put(device.recipient, APP.file("/etc/app/secret", "the other two"));
    vault.commit();
    assertEquals(2, vault.epoch());
    String finalized = vault.anvil("eth_getBlockByNumber", "[\"finalized\",false]");
    Report first = device.look();
    if (finalized.contains("\"number\"")
        && number(finalized) < vault.fixture.head().committedAt()) {
      assertEquals(List.of("DV524"), TestDevice.codes(first));
      assertHolds("two");
      vault.anvil("anvil_mine", "[\"0x100\"]");
      device.look();
    }
    assertHolds("the other two");
  }

  private static long number(String block) {
    return Long.decode(block.replaceAll(".*\"number\":\"(0x[0-9a-f]+)\".*", "$1"));
  }

  @Test
  @Tag("T7")
  void look_otherChainAtTheSameAddress_isRefused() throws IOException {
    commitApp("one");
    device.look();
    vault.rpc.claimChain(1);
    assertEquals(List.of("DV528"), TestDevice.codes(device.look()));
    assertHolds("one");
  }

  @Test
  @Tag("T7")
  void look_otherCodeAtTheAddress_isRefused() throws IOException {
    commitApp("one");
    vault.rpc.alterText("eth_getCode", code -> code.replaceFirst("\"0x6", "\"0x5"));
    assertEquals(List.of("DV521"), TestDevice.codes(device.look()));
    assertFalse(device.has("/etc/app/secret"));
  }

  @Test
  @Tag("O6")
  void look_governanceChanged_followsTheChainOfApprovals() throws IOException {
    commitApp("one");
    device.look();
    List<EvmSigner> next = VaultFixture.newKeys(2);
    Governance governance = new Governance(
        next.stream().map(EvmSigner::address).toList(), 1, vault.fixture.governance().guardians(), Duration.ZERO);
    long version = vault.fixture.head().governanceVersion() + 1;
    Bytes32 digest = new Eip712ApprovalVerifier().digest(vault.fixture.ref(), vault.id(), governance, version);
    List<Approval> old = VaultFixture.approvals(digest, vault.fixture.approvers().subList(0, 2));
    vault.fixture.writer().setGovernance(vault.id(), governance, old, VaultFixture.approvals(digest, next.subList(0, 1)));
    vault.put(device.recipient, APP.file("/etc/app/secret", "under new governance"));
    Commit commit = vault.build();
    Bytes32 commitDigest = new Eip712ApprovalVerifier().digest(vault.fixture.ref(), commit);
    CommitResult done = vault.fixture.writer().commit(commit, VaultFixture.approvals(commitDigest, next.subList(0, 1)));
    assertTrue(done instanceof CommitResult.Done, done.toString());
    assertEquals(List.of(), device.look().problems());
    assertHolds("under new governance");
    assertEquals(version, device.trust().governanceVersion());
  }

  @ParameterizedTest
  @Tag("T14")
  @EnumSource(value = Fault.class, names = {"FLIPPED_BYTE", "OTHER_BLOCK", "CUT", "OVERSIZE", "GARBAGE", "HANGS_UP", "SERVER_ERROR", "ABSENT", "EMPTY"})
  void look_firstGatewayMisbehaves_usesTheSecond(Fault fault) throws IOException {
    vault.gateway.misbehave(fault);
    commitApp("one");
    assertEquals(List.of(), device.look().problems());
    assertHolds("one");
    assertTrue(vault.gateway.requests() > 0);
    if (fault == Fault.FLIPPED_BYTE) {
      String log = device.log.toString(java.nio.charset.StandardCharsets.UTF_8);
      assertTrue(log.matches("(?s).*event=DV562 subject=" + vault.gateway.uri() + " why=\"baf[a-z0-9]{56}: hash mismatch.*"), log);
    }
  }

  @Test
  @Tag("T17")
  void look_oneBlockMissing_removesNothing() throws IOException {
    commitApp("one");
    vault.put(device.recipient, TestEntry.named("other").file("/etc/app/other", "kept"));
    vault.commit();
    device.look();
    vault.drop(device.recipient, TestEntry.named("other"));
    Commit commit = vault.commit();
    Cid devices = Registry.open(vault.blocks, Registry.rootCid(commit.root()), vault.id()).root().devices();
    Block hidden = vault.blocks.get(devices);
    vault.blocks.forget(devices);
    assertEquals(List.of("DV530"), TestDevice.codes(device.look()));
    assertEquals("kept", device.read("/etc/app/other"));
    vault.blocks.add(hidden);
    assertEquals(List.of(), device.look().problems());
    assertFalse(device.has("/etc/app/other"));
  }

  @Test
  @Tag("T18")
  void look_bundleOfAnotherEntry_isRefusedAndTheRestInstalled() throws IOException {
    EntryRecord first = vault.put(device.recipient, TestEntry.named("one").file("/etc/app/one", "1"));
    TestEntry two = TestEntry.named("two").file("/etc/app/two", "2");
    vault.list(DeviceId.ofRecipient(device.recipient), two.id(), 1, two, first.sealed().orElseThrow());
    vault.commit();
    Report report = device.look();
    assertEquals(List.of("DV533"), TestDevice.codes(report));
    assertEquals("1", device.read("/etc/app/one"));
    assertFalse(device.has("/etc/app/two"));
  }

  @Test
  @Tag("T18")
  void look_oldGenerationRelisted_isRefused() throws IOException {
    EntryRecord first = vault.put(device.recipient, APP.file("/etc/app/secret", "old"));
    vault.commit();
    TestEntry again = APP.file("/etc/app/secret", "old");
    vault.list(DeviceId.ofRecipient(device.recipient), APP.id(), 2, again, first.sealed().orElseThrow());
    vault.commit();
    assertEquals(List.of("DV533"), TestDevice.codes(device.look()));
    assertFalse(device.has("/etc/app/secret"));
  }

  @Test
  @Tag("O5")
  @Tag("T34")
  void look_bundleSealedToAnotherDevice_isRefused() throws IOException {
    try (Identity other = Identity.generateClassic(new SecureRandom())) {
      Payload payload = new Payload(vault.id(), other.recipient().deviceId(), APP.id(), 1, 1, APP.validity(),
          TestInstaller.KIND, APP.file("/etc/app/secret", "not yours").material(), APP.install());
      Cid sealed = vault.seal(other.recipient().toString(), payload);
      vault.list(DeviceId.ofRecipient(device.recipient), APP.id(), 1, APP, sealed);
      vault.commit();
      assertEquals(List.of("DV532"), TestDevice.codes(device.look()));
      assertFalse(device.has("/etc/app/secret"));
    }
  }

  @Test
  @Tag("T20")
  @Tag("O5")
  void look_bundleFlippedOrCutBeforeItWasListed_installsNothingOfIt() throws IOException {
    EntryRecord whole = vault.put(device.recipient, APP.file("/etc/app/secret", "x".repeat(100)));
    byte[] sealed = vault.blocks.get(whole.sealed().orElseThrow()).bytes();
    for (int at : new int[] {5, 40, sealed.length / 2, sealed.length - 1}) {
      byte[] flipped = sealed.clone();
      flipped[at] ^= 1;
      listRaw(flipped);
      assertEquals(List.of("DV532"), TestDevice.codes(device.look()), "byte " + at);
      assertFalse(device.has("/etc/app/secret"));
    }
    for (int length : new int[] {0, 30, sealed.length - 20, sealed.length - 1}) {
      listRaw(java.util.Arrays.copyOf(sealed, length));
      assertEquals(List.of("DV532"), TestDevice.codes(device.look()), "cut to " + length);
      assertFalse(device.has("/etc/app/secret"));
    }
  }

  private void listRaw(byte[] file) {
    Block block = Block.of(Codec.RAW, file);
    vault.blocks.add(block);
    vault.list(DeviceId.ofRecipient(device.recipient), APP.id(), 1, APP, block.cid());
    vault.commit();
  }

  @Test
  @Tag("G3")
  @Tag("I8")
  void look_allEndpointsDown_keepsWhatIsValidAndDropsWhatEnded() throws IOException {
    vault.put(device.recipient, APP.file("/etc/app/secret", "long"));
    vault.put(device.recipient, TestEntry.named("short").file("/etc/app/short", "short").until(TestVault.now().plusSeconds(60)));
    TestEntry host = TestEntry.named("host").file("/etc/app/host", "host key").with("keep", "yes").until(TestVault.now().plusSeconds(60));
    vault.put(device.recipient, host);
    vault.commit();
    device.look();
    vault.rpc.answerWithStatus(500);
    vault.gateway.misbehave(Fault.HANGS_UP);
    vault.second.misbehave(Fault.HANGS_UP);
    assertEquals(List.of("DV528"), TestDevice.codes(device.look()));
    assertEquals("short", device.read("/etc/app/short"));
    device.clock.shift(Duration.ofSeconds(61));
    assertEquals(List.of("DV528", "DV552"), TestDevice.codes(device.look()));
    assertHolds("long");
    assertFalse(device.has("/etc/app/short"));
    assertEquals("host key", device.read("/etc/app/host"), "what keeps the device reachable stays, with an alarm");
  }

  @Test
  @Tag("T21")
  @Tag("I9")
  void look_clockSetBack_grantEndsByChainTimeAndStaysGone() throws IOException {
    try (AnvilProcess own = AnvilProcess.start(AnvilProcess.Options.defaults()); TestVault later = new TestVault(own)) {
      TestDevice late = new TestDevice(later, folder.resolve("late"), "drone-8", TestDevice.AGENT_YAML);
      later.put(late.recipient, TestEntry.named("short").file("/etc/app/short", "s").until(TestVault.now().plusSeconds(120)));
      later.commit();
      late.look();
      late.clock.shift(Duration.ofDays(-3));
      late.look();
      assertTrue(late.has("/etc/app/short"), "a clock that went back says nothing");
      later.anvil("evm_increaseTime", "[600]");
      later.anvil("anvil_mine", "[\"0x60\"]"); // anvil calls a block final 64 blocks later
      late.look();
      assertFalse(late.has("/etc/app/short"), "the chain says that it is over");
      Instant floor = late.trust().floor();
      assertTrue(floor.isAfter(TestVault.now().plusSeconds(400)), floor.toString());
      later.rpc.answerWithStatus(500);
      late.look();
      assertFalse(late.trust().floor().isBefore(floor));
    }
  }

  @Test
  @Tag("T21")
  void look_clockAt1970OrCenturiesAhead_deletesNothing() throws IOException {
    vault.put(device.recipient, APP.file("/etc/app/secret", "one").until(TestVault.now().plus(Duration.ofDays(30))));
    vault.commit();
    device.look();
    vault.rpc.answerWithStatus(500);
    Duration since1970 = Duration.between(Instant.EPOCH, Instant.now());
    device.clock.shift(since1970.negated());
    device.look();
    assertHolds("one");
    device.clock.shift(since1970.multipliedBy(5));
    device.look();
    assertHolds("one");
  }

  @Test
  @Tag("T1")
  void look_endpointClaimsTheYear2200_isNotBelieved() throws IOException {
    commitApp("one");
    device.look();
    vault.rpc.alterText("eth_getBlockByNumber", block -> block.replaceAll("\"timestamp\":\"0x[0-9a-f]+\"", "\"timestamp\":\"0x1b0c43580\""));
    device.look();
    assertHolds("one");
    assertTrue(device.trust().floor().isBefore(Instant.now().plusSeconds(120)));
  }

  @Test
  @Tag("T23")
  void look_trustStateDamaged_isRefusedLoudlyAndNeverReset() throws IOException {
    commitApp("one");
    device.look();
    byte[] state = Files.readAllBytes(device.layout.trust());
    state[50] ^= 1;
    Files.write(device.layout.trust(), state);
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> device.look());
    assertEquals("DV520", e.diagnostics().getFirst().code());
    assertTrue(String.join(" ", e.diagnostics().getFirst().detail()).contains("enroll"), "it names the way out");
    assertHolds("one");
    Files.delete(device.layout.trust());
    assertEquals("DV520", assertThrows(DiagnosticException.class, () -> device.look()).diagnostics().getFirst().code());
  }

  @Test
  @Tag("G4")
  void look_quorumOfTwo_oneEndpointLies_majorityIsFollowed() throws IOException {
    Files.writeString(device.layout.config(), TestDevice.AGENT_YAML
        + "rpc: [\"" + vault.rpc.rpc() + "\", \"" + anvil.rpc() + "\", \"" + anvil.rpc().toString().replace("127.0.0.1", "localhost") + "\"]\nquorum: 2\n");
    commitApp("one");
    vault.rpc.alterHead(words -> new byte[words.length]);
    assertEquals(List.of(), device.look().problems());
    assertHolds("one");
  }

  @Test
  void look_guardianRevokedNothing_revocationOfAnotherGenerationDoesNotTouchUs() throws IOException {
    commitApp("one");
    vault.fixture.writer().revoke(vault.id(), List.of(RevocationId.of(APP.id(), 9)));
    assertEquals(List.of(), device.look().problems());
    assertHolds("one");
  }

  @Test
  @Tag("T7")
  void enroll_anchorOfAnotherContract_isRefusedByName() throws IOException {
    var anchor = vault.anchor();
    var wrong = new io.dvault.ledger.Anchor(anchor.name(), anchor.vault(), anchor.ref(), Bytes32.sha256("other code"),
        anchor.rpc(), 1, anchor.gateways(), anchor.governanceVersion(), anchor.governance());
    io.dvault.disk.Layout layout = io.dvault.disk.Layout.of(folder.resolve("new"));
    Enrolment enrolment = new Enrolment(layout, new io.dvault.disk.DurableFiles(io.dvault.disk.Checkpoint.NONE), new SecureRandom());
    DiagnosticException e = assertThrows(DiagnosticException.class, () ->
        enrolment.enroll(wrong, "drone-8", new TreeMap<>(), true, TestVault.now(), new ChainCheck(System.err)::check));
    assertEquals("DV511", e.diagnostics().getFirst().code());
    assertFalse(Files.exists(layout.trust()), "nothing was pinned");
  }
}
