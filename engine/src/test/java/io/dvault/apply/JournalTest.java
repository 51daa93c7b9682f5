package io.dvault.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import io.dvault.testing.OtherProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("T23")
class JournalTest {
  private static final LedgerRef REF =
      new LedgerRef(31337, EvmAddress.parse("0x" + "11".repeat(20)));
  private static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));

  @TempDir
  private Path folder;

  private Path file() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.findFirst().orElseThrow();
    }
  }

  @Test
  void leftBehind_journalOfThisJvm_isNoneAndStaysLockedForOthers() throws IOException {
    try (Journal _ = Journal.create(folder, new Random(1))) {
      assertEquals(List.of(), Journal.leftBehind(folder));
      assertTrue(OtherProcess.findsLocked(file()), "a look from here does not free it");
    }
    List<Journal> found = Journal.leftBehind(folder);
    assertEquals(1, found.size());
    found.getFirst().close();
  }

  @Test
  void read_journalOfThisJvm_staysLockedForOthers() throws IOException {
    try (Journal journal = Journal.create(folder, new Random(1))) {
      assertEquals(Optional.empty(), journal.read(REF, VAULT));
      assertTrue(OtherProcess.findsLocked(file()), "nor does reading it");
    }
    assertFalse(OtherProcess.findsLocked(file()));
  }
}
