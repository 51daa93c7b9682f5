package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the search of the canary script finds what it is to find. */
@Tag("T27")
class CanariesTest {
  private static final String SECRET = "canary-of-this-test";
  private final Canaries canaries = new Canaries();

  @Test
  void isIn_everyForm_isFound() {
    canaries.add(SECRET);
    for (String before : new String[] {"", "x", "xy", "xyz"}) {
      byte[] bytes = (before + SECRET + "\nmore").getBytes(StandardCharsets.UTF_8);
      assertTrue(canaries.isIn(Base64.getEncoder().encodeToString(bytes)), before);
      assertTrue(canaries.isIn(Base64.getUrlEncoder().encodeToString(bytes)), before);
      assertTrue(canaries.isIn(HexFormat.of().formatHex(bytes)), before);
    }
    assertTrue(canaries.isIn("a " + SECRET + " b"));
    assertFalse(canaries.isIn("canary of another test, and its base64 Y2FuYXJ5IG9m"));
  }

  @Test
  void placesIn_fileAndPackedGitObject_areFound(@TempDir Path folder)
      throws IOException, InterruptedException {
    canaries.add(SECRET);
    Files.writeString(folder.resolve("leak.txt"), "the " + SECRET);
    assertEquals(Set.of("leak.txt"), canaries.placesIn(folder));
    for (String[] words : new String[][] {{"init", "-q"}, {"add", "."}}) {
      ProcessBuilder git = new ProcessBuilder("git", words[0], words[1]).directory(folder.toFile());
      assertTrue(git.start().waitFor(30, TimeUnit.SECONDS));
    }
    Files.delete(folder.resolve("leak.txt"));
    assertEquals(Set.of("git's objects"), canaries.placesIn(folder));
  }

  @Test
  void watchProcesses_secretInACommandLine_isSeen() throws IOException, InterruptedException {
    canaries.add(SECRET);
    canaries.watchProcesses();
    new ProcessBuilder("sh", "-c", "sleep 0.5; : " + SECRET).start().waitFor();
    canaries.close();
    assertEquals(
        1, canaries.seenInProcesses().size(), canaries.seenInProcesses().toString());
  }
}
