package io.dvault.agent;

import static io.dvault.agent.TestFleet.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.gateway.HostileGateway.Fault;
import io.dvault.ledger.evm.AnvilProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clocks that are wrong, and nobody to ask for the time. */
@ExtendWith(TestFleet.Fixture.class)
class HostileClockTest {
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  HostileClockTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @Test
  @Tag("G3")
  @Tag("I8")
  void look_allEndpointsDown_keepsWhatIsValidAndDropsWhatEnded() throws IOException {
    vault.put(device.recipient, APP.file("/etc/app/secret", "long"));
    vault.put(
        device.recipient,
        TestEntry.named("short")
            .file("/etc/app/short", "short")
            .until(TestVault.now().plusSeconds(60)));
    TestEntry host = TestEntry.named("host")
        .file("/etc/app/host", "host key")
        .with("keep", "yes")
        .until(TestVault.now().plusSeconds(60));
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
    fleet.assertHolds("long");
    assertFalse(device.has("/etc/app/short"));
    assertEquals(
        "host key",
        device.read("/etc/app/host"),
        "what keeps the device reachable stays, with an alarm");
  }

  @Test
  @Tag("T21")
  @Tag("I9")
  void look_clockSetBack_grantEndsByChainTimeAndStaysGone() throws IOException {
    try (AnvilProcess own = AnvilProcess.start(AnvilProcess.Options.defaults());
        TestVault later = new TestVault(own)) {
      TestDevice late =
          new TestDevice(later, fleet.folder.resolve("late"), "drone-8", TestDevice.AGENT_YAML);
      later.put(
          late.recipient,
          TestEntry.named("short")
              .file("/etc/app/short", "s")
              .until(TestVault.now().plusSeconds(120)));
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
    vault.put(
        device.recipient,
        APP.file("/etc/app/secret", "one").until(TestVault.now().plus(Duration.ofDays(30))));
    vault.commit();
    device.look();
    vault.rpc.answerWithStatus(500);
    Duration since1970 = Duration.between(Instant.EPOCH, Instant.now());
    device.clock.shift(since1970.negated());
    device.look();
    fleet.assertHolds("one");
    device.clock.shift(since1970.multipliedBy(5));
    device.look();
    fleet.assertHolds("one");
  }
}
