package io.dvault.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.Peers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * SIGKILL after every single step on disk, then a rerun: the same state as without.
 * docs/threat-model.md T23.
 */
@ExtendWith(TestFleet.Fixture.class)
class CrashTest {
  private static final int MOST_STEPS = 200;
  private static final String OLD_SECRET = "old-secret";
  private static final String OTHER_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBq8o1iVq2mL1GKfAnPGkOTwX0n1C4yNh6oyoXyBw6Lm";

  private final Path folder;
  private final TestVault vault;
  private final TestDevice device;

  CrashTest(TestFleet fleet) {
    this.folder = fleet.folder;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @Test
  @Tag("T23")
  @Tag("G1")
  void look_killedAfterSomeSteps_rerunEndsAsWithoutTheKill() throws Exception {
    List<String> deaths = killedAfterEvery(9);
    assertTrue(deaths.size() > 3, deaths.toString());
  }

  @Test
  @Tag("T23")
  @Tag("G1")
  @Tag("slow")
  void look_killedAfterEachStep_rerunEndsAsWithoutTheKill() throws Exception {
    List<String> deaths = killedAfterEvery(1);
    assertTrue(deaths.size() > 30, deaths.toString());
    assertTrue(
        deaths.containsAll(List.of(
            "died after FLIPPED",
            "died after PENDING",
            "died after KEYS_WRITTEN",
            "died after ACTION_RUN",
            "died after CONFIRMED",
            "died after WIPED",
            "died after TEMP_CREATED")),
        deaths.toString());
  }

  /** Kills a look after its first step, then after a step {@code stride} later, up to its end. */
  private List<String> killedAfterEvery(int stride) throws Exception {
    Path root = device.layout.root();
    vault.put(device.recipient, app("one"));
    vault.put(device.recipient, TestEntry.named("gone").file("/etc/app/gone", OLD_SECRET));
    vault.put(
        device.recipient,
        TestEntry.named("alice").keys("ops", "restrict", ConvergeTest.KEY, "alice"));
    vault.commit();
    device.look();
    vault.put(device.recipient, app("two"));
    vault.put(device.recipient, TestEntry.named("new").file("/etc/ssh/dvault/new", "new"));
    vault.put(
        device.recipient, TestEntry.named("bob").keys("ops", "restrict,pty", OTHER_KEY, "bob"));
    vault.drop(device.recipient, TestEntry.named("gone"));
    vault.drop(device.recipient, TestEntry.named("alice"));
    vault.commit();

    Path before = folder.resolve("before");
    copy(root, before);
    assertFalse(
        holding(device.layout.state(), OLD_SECRET).isEmpty(), "the search finds what is there");
    List<String> deaths = new ArrayList<>();
    String said = "";
    for (int step = 1; step <= MOST_STEPS && !said.equals("done"); step += stride) {
      copy(before, root);
      said = runAndDie(root, step);
      deaths.add(said);
      assertWholeEitherWay(device);
      assertEquals(List.of(), device.look().problems(), "after step " + step + ", " + said);
      assertConverged(device, said);
    }
    assertEquals("done", said, "every step was reached");
    return deaths;
  }

  private static TestEntry app(String content) {
    return TestEntry.named("app").file("/etc/app/secret", content).with("action", "reload-good");
  }

  /** What a service sees right after the kill: never a part, never nothing. */
  private static void assertWholeEitherWay(TestDevice device) throws IOException {
    assertTrue(List.of("one", "two").contains(device.read("/etc/app/secret")));
    String keys = Files.readString(device.authorizedKeys());
    assertTrue(
        keys.startsWith("# BEGIN dvault") && keys.endsWith("\n") && keys.contains("# END dvault"),
        keys);
  }

  private static void assertConverged(TestDevice device, String said) throws IOException {
    assertEquals("two", device.read("/etc/app/secret"), said);
    assertEquals("new", device.read("/etc/ssh/dvault/new"), said);
    assertFalse(device.has("/etc/app/gone"), said);
    String keys = Files.readString(device.authorizedKeys());
    assertTrue(keys.contains(OTHER_KEY) && !keys.contains(ConvergeTest.KEY), said + ": " + keys);
    assertTrue(
        Files.readString(device.layout.root().resolve("reloads")).contains("two"),
        "the service was told, " + said);
    assertFalse(Files.exists(device.layout.pending()), said);
    try (Stream<Path> generations = Files.list(device.layout.generations())) {
      assertEquals(1, generations.count(), said);
    }
    assertEquals(List.of(), holding(device.layout.state(), OLD_SECRET), said);
  }

  /** The files below a folder that contain a text. */
  private static List<Path> holding(Path folder, String text) throws IOException {
    List<Path> holding = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(each -> Files.isRegularFile(each)).toList()) {
        if (Files.readString(path, StandardCharsets.ISO_8859_1).contains(text)) {
          holding.add(path);
        }
      }
    }
    return holding;
  }

  private static void copy(Path from, Path to) {
    Peers.run("rm", "-rf", to.toString()).requireSuccess();
    Peers.run("cp", "-a", from.toString(), to.toString()).requireSuccess();
  }

  private String runAndDie(Path root, int step) throws IOException, InterruptedException {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            CrashingAgent.class.getName(),
            root.toString(),
            Integer.toString(step))
        .redirectInput(new File("/dev/null"))
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String said = Files.readString(out).strip();
    assertTrue(
        said.equals("done") ? process.exitValue() == 0 : process.exitValue() == 137,
        said + " " + process.exitValue() + Files.readString(err));
    return said;
  }
}
