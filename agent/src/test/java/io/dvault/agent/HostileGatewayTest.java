package io.dvault.agent;

import static io.dvault.agent.TestFleet.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.bundle.Identity;
import io.dvault.bundle.Payload;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.converge.Cycle.Report;
import io.dvault.dag.Block;
import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.ledger.Commit;
import io.dvault.model.DeviceId;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.Registry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gateways that misbehave, and sealed bundles that are not what their place says. */
@ExtendWith(TestFleet.Fixture.class)
class HostileGatewayTest {
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  HostileGatewayTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @ParameterizedTest
  @Tag("T14")
  @EnumSource(
      value = Fault.class,
      names = {
        "FLIPPED_BYTE",
        "OTHER_BLOCK",
        "CUT",
        "OVERSIZE",
        "GARBAGE",
        "HANGS_UP",
        "SERVER_ERROR",
        "ABSENT",
        "EMPTY"
      })
  void look_firstGatewayMisbehaves_usesTheSecond(Fault fault) throws IOException {
    vault.gateway.misbehave(fault);
    fleet.commitApp("one");
    assertEquals(List.of(), device.look().problems());
    fleet.assertHolds("one");
    assertTrue(vault.gateway.requests() > 0);
    if (fault == Fault.FLIPPED_BYTE) {
      String log = device.log.toString(StandardCharsets.UTF_8);
      assertTrue(
          log.matches("(?s).*event=DV562 subject=" + vault.gateway.uri()
              + " why=\"baf[a-z0-9]{56}: hash mismatch.*"),
          log);
    }
  }

  @Test
  @Tag("T17")
  void look_oneBlockMissing_removesNothing() throws IOException {
    fleet.commitApp("one");
    vault.put(device.recipient, TestEntry.named("other").file("/etc/app/other", "kept"));
    vault.commit();
    device.look();
    vault.drop(device.recipient, TestEntry.named("other"));
    Commit commit = vault.commit();
    Cid devices = Registry.open(vault.blocks, Registry.rootCid(commit.root()), vault.id())
        .root()
        .devices();
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
    EntryRecord first =
        vault.put(device.recipient, TestEntry.named("one").file("/etc/app/one", "1"));
    TestEntry two = TestEntry.named("two").file("/etc/app/two", "2");
    vault.list(
        DeviceId.ofRecipient(device.recipient), two.id(), 1, two, first.sealed().orElseThrow());
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
    vault.list(
        DeviceId.ofRecipient(device.recipient),
        APP.id(),
        2,
        again,
        first.sealed().orElseThrow());
    vault.commit();
    assertEquals(List.of("DV533"), TestDevice.codes(device.look()));
    assertFalse(device.has("/etc/app/secret"));
  }

  @Test
  @Tag("O5")
  @Tag("T34")
  void look_bundleSealedToAnotherDevice_isRefused() throws IOException {
    try (Identity other = Identity.generateClassic(new SecureRandom())) {
      Payload payload = new Payload(
          vault.id(),
          other.recipient().deviceId(),
          APP.id(),
          1,
          1,
          APP.validity(),
          TestInstaller.KIND,
          APP.file("/etc/app/secret", "not yours").material(),
          APP.install());
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
      listRaw(Arrays.copyOf(sealed, length));
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
}
