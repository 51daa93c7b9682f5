package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.testing.HostileSocket;
import io.dvault.ledger.testing.HostileSocket.Manner;
import io.dvault.model.RevocationId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The daemon as a process that looks once an hour: what comes sooner came by an event. Heads come through a proxy. */
@ExtendWith(TestFleet.Fixture.class)
@Tag("O6")
class EventsTest {
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;
  private final HostileSocket socket;

  EventsTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
    this.socket = new HostileSocket(fleet.anvil.rpc(), vault.fixture.ref(), vault.id());
  }

  private AgentProcess run(String poll, String more) throws IOException {
    Files.writeString(
        device.layout.config(),
        TestDevice.AGENT_YAML.replace("poll: 1s", "poll: " + poll) + "events: {from: [\""
            + socket.url() + "\"]" + more + "}\n");
    return AgentProcess.run(device.layout.root());
  }

  /** Looks so far: each reads the code of the contract, or the head, in one request at least. */
  private long looks() {
    return vault.rpc.asked().stream().filter("eth_chainId"::equals).count();
  }

  private void settle(AgentProcess agent) throws Exception {
    agent.await("the subscription", () -> agent.log().contains("state=subscribed"));
    Thread.sleep(7500); // it may look twice more for what it did not hear before it subscribed
  }

  @Test
  void run_pollIsAnHour_commitAndRevocationComeBySeconds_otherVaultsDoNotWakeIt() throws Exception {
    try (socket;
        AgentProcess agent = run("1h", "")) {
      settle(agent);
      fleet.commitApp("one");
      within(10, agent, "the commit", () -> device.has("/etc/app/secret"));
      Thread.sleep(1000);
      long before = looks();
      try (TestVault other = new TestVault(fleet.anvil)) {
        other.put(device.recipient, TestFleet.APP.file("/etc/app/secret", "other admin's"));
        other.commit();
        Thread.sleep(3000);
      }
      assertEquals(before, looks(), "another vault's commit starts no look");
      fleet.assertHolds("one");
      vault.fixture.writer().revoke(vault.id(), List.of(RevocationId.of(TestFleet.APP.id(), 1)));
      within(10, agent, "the revocation", () -> !device.has("/etc/app/secret"));
    }
  }

  @Test
  @Tag("slow")
  void run_connectionLost_pollsAgainAtTheShorterInterval_andComesBack() throws Exception {
    try (socket;
        AgentProcess agent = run("1s", ", poll: 1h")) {
      settle(agent);
      long before = looks();
      Thread.sleep(3000);
      assertEquals(before, looks(), "the longer interval");
      socket.misbehave(Manner.HANGS_UP);
      socket.cut();
      agent.await("the alarm", () -> agent.log().contains("DV564"));
      fleet.commitApp("polled");
      within(10, agent, "the commit", () -> device.has("/etc/app/secret"));
      socket.misbehave(Manner.HONEST);
      agent.await("the subscription again", () -> agent.log().contains("event=settled code=DV564"));
      fleet.commitApp("heard");
      within(10, agent, "the next commit", () -> device.read("/etc/app/secret").equals("heard"));
    }
  }

  @Test
  @Tag("T1")
  void run_floodOfForgedEvents_costsFewLooksAndChangesNothing() throws Exception {
    fleet.commitApp("one");
    device.look();
    socket.misbehave(Manner.EVENT_FLOOD);
    long before = looks();
    try (socket;
        AgentProcess agent = run("1h", "")) {
      agent.await(
          "it is left alone", () -> agent.log().contains("more than 600 messages a minute"));
      Thread.sleep(3000);
      long looked = looks() - before;
      assertTrue(looked >= 2 && looked <= 40, looked + " requests for hundreds of events");
      fleet.assertHolds("one");
      assertEquals(1, device.trust().epoch());
      assertFalse(agent.log().contains("event=follow"), agent.log());
    }
  }

  private static void within(
      int seconds, AgentProcess agent, String what, Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    agent.await(what, condition);
    long took = (System.nanoTime() - start) / 1_000_000_000;
    assertTrue(took < seconds, what + " took " + took + " s");
  }
}
