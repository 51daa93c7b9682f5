package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.bundle.Identity;
import io.dvault.dag.Shards;
import io.dvault.disk.Checkpoint;
import io.dvault.model.DeviceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One agent through many commits: what did not change is not written again, and no action is run for it. */
@ExtendWith(TestFleet.Fixture.class)
@Tag("G1")
class IdempotenceTest {
  private static final TestEntry OTHER = TestEntry.named("other");
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  IdempotenceTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  private void put(TestEntry entry, String file, String content, String action) {
    vault.put(device.recipient, entry.file(file, content).with("action", action));
  }

  /** Every installed file with what changes when it is written again, and the number of the generation. */
  private SortedMap<String, String> installed() throws IOException {
    SortedMap<String, String> all = new TreeMap<>();
    all.put("generation", generation());
    try (Stream<Path> walk = Files.walk(device.layout.state().resolve("generations"))) {
      for (Path path : walk.filter(each -> Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS))
          .toList()) {
        all.put(
            path.toString(),
            Files.getAttribute(path, "unix:ino") + " " + Files.getLastModifiedTime(path));
      }
    }
    return all;
  }

  private String generation() throws IOException {
    return Files.readSymbolicLink(device.layout.current()).toString();
  }

  private String reloads() throws IOException {
    return Files.readString(device.layout.root().resolve("reloads"));
  }

  @Test
  void look_commitsThatLeaveItsEntriesAlone_writeNothingAndRunNothing() throws IOException {
    put(TestFleet.APP, "/etc/app/secret", "one", "reload-good");
    vault.put(
        device.recipient,
        TestEntry.named("alice").keys("ops", "restrict", ConvergeTest.KEY, "alice"));
    vault.commit();
    try (Agent agent = device.open(Checkpoint.NONE)) {
      assertEquals(List.of(), agent.cycle().run().problems());
      SortedMap<String, String> before = installed();
      Object keys = Files.getAttribute(device.authorizedKeys(), "unix:ino");
      String neighbour = neighbour();
      for (int i = 0; i < 3; i++) {
        vault.put(neighbour, OTHER.file("/etc/app/x", "x" + i));
        vault.commit(); // another device, whose entries are in the same block as ours
        assertEquals(List.of(), agent.cycle().run().problems());
        vault.commit(); // nothing but a newer head
        assertEquals(List.of(), agent.cycle().run().problems());
      }
      assertEquals(7, device.trust().epoch());
      assertEquals(before, installed());
      assertEquals(keys, Files.getAttribute(device.authorizedKeys(), "unix:ino"));
      assertEquals("one", reloads());
    }
    device.look();
    assertEquals("one", reloads(), "a start reloads nothing");
  }

  @Test
  void look_oneOfTwoEntriesChanges_makesOneGenerationAndRunsItsActionOnce() throws IOException {
    put(TestFleet.APP, "/etc/app/secret", "a", "reload-good");
    put(OTHER, "/etc/ssh/dvault/other", "b", "reload-other");
    vault.commit();
    try (Agent agent = device.open(Checkpoint.NONE)) {
      agent.cycle().run();
      assertEquals("generations/2", generation(), "the first is the empty one");
      put(TestFleet.APP, "/etc/app/secret", "c", "reload-good");
      vault.commit();
      agent.cycle().run();
      assertEquals("generations/3", generation());
      agent.cycle().run();
      assertEquals("generations/3", generation());
      assertEquals("ac", reloads());
      assertEquals(
          "other",
          Files.readString(device.layout.root().resolve("reloads-other")),
          "once, at the start");
    }
  }

  /** A recipient whose device lies in the same first-level slot, so that no shard bit tells us apart. */
  private String neighbour() {
    int own = Shards.slotOf(DeviceId.ofRecipient(device.recipient).bytes().toArray());
    while (true) {
      try (Identity identity = Identity.generateClassic(new SecureRandom())) {
        if (Shards.slotOf(identity.recipient().deviceId().bytes().toArray()) == own) {
          return identity.recipient().toString();
        }
      }
    }
  }
}
