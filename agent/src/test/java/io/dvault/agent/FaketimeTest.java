package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The agent as a process whose system clock is wrong. */
@Tag("slow")
@Tag("T21")
@Tag("peer:faketime")
@ExtendWith(TestFleet.Fixture.class)
class FaketimeTest {
  private final TestVault vault;
  private final TestDevice device;

  FaketimeTest(TestFleet fleet) {
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @BeforeEach
  void holdAShortAndALongSecret() throws IOException {
    Instant end = TestVault.now().plusSeconds(300);
    vault.put(
        device.recipient, TestEntry.named("short").file("/etc/app/short", "s").until(end));
    vault.put(device.recipient, TestEntry.named("long").file("/etc/app/long", "l"));
    vault.commit();
    device.look();
    assertHolds(true);
  }

  @Test
  @Tag("I9")
  void once_clockBackOrAt1970_deletesNothing_andWhatEndedOnTheChainGoes() throws IOException {
    look("-3d");
    assertHolds(true);
    vault.anvil("evm_increaseTime", "[600]");
    vault.anvil("anvil_mine", "[\"0x60\"]"); // anvil calls a block final 64 blocks later
    look("@1970-01-02 00:00:00");
    assertHolds(false);
    Instant floor = device.trust().floor();
    assertTrue(
        floor.isAfter(Instant.now().plusSeconds(400)), "the chain's time is remembered: " + floor);
    look("-3d");
    assertHolds(false);
    assertFalse(device.trust().floor().isBefore(floor));
  }

  @Test
  void once_clockCenturiesAhead_deletesNothing() throws IOException {
    look("+400y");
    assertHolds(true);
    device.look();
    assertHolds(true);
    assertTrue(
        device.trust().floor().isBefore(Instant.now().plusSeconds(120)),
        "a wrong clock is not remembered");
  }

  private void assertHolds(boolean shortToo) throws IOException {
    assertEquals("l", device.read("/etc/app/long"));
    assertEquals(shortToo, device.has("/etc/app/short"));
  }

  /** One look at a time that libfaketime makes up; what measures time that passes is left alone, as in a real reset. */
  private void look(String time) {
    List<String> command = new ArrayList<>(
        List.of("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1", "faketime", "-f", time));
    command.addAll(AgentProcess.command("once", "--root", device.layout.root().toString()));
    Peers.Output said = Peers.run(command);
    assertTrue(said.exitCode() == 0 || said.exitCode() == 2, time + ": " + said.text());
    assertTrue(said.text().contains("event=done"), said.text());
  }
}
