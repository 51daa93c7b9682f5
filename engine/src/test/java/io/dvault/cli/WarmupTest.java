package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher trains the JVM's caches on goes as far as it says; else starts get slower and nobody is told. */
class WarmupTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void fleet_applied_isIssuedAndReadBackUntilItsTransaction(@TempDir Path folder) throws Exception {
    Warmup.fleet(Warmup.context(said, folder), Files.createDirectory(folder.resolve("fleet")));
    assertSaid("No errors in", "2,000/2,000", "read back from 1 gateway", "this chain takes no transactions");
  }

  @Test
  void vault_planned_hasNoChanges(@TempDir Path folder) throws Exception {
    Warmup.vault(Warmup.context(said, folder), Files.createDirectory(folder.resolve("vault")));
    assertSaid("No changes.");
  }

  private void assertSaid(String... parts) {
    String text = said.toString(StandardCharsets.UTF_8);
    for (String part : parts) {
      assertTrue(text.contains(part), text);
    }
  }
}
