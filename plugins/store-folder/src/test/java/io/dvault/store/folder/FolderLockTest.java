package io.dvault.store.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.DiagnosticException;
import io.dvault.testing.OtherProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("T23")
class FolderLockTest {
  @TempDir
  private Path folder;

  @Test
  void take_heldInThisJvm_isRefusedAndStaysLockedForOthers() throws IOException {
    Path file = folder.resolve(".lock");
    try (FolderLock _ = FolderLock.take(folder, Duration.ZERO)) {
      DiagnosticException e = assertThrows(
          DiagnosticException.class, () -> FolderLock.take(folder, Duration.ofMillis(50)));
      assertEquals("DV411", e.diagnostics().getFirst().code());
      assertTrue(OtherProcess.findsLocked(file), "a try from here does not free it");
    }
    assertFalse(OtherProcess.findsLocked(file));
    FolderLock.take(folder, Duration.ZERO).close();
  }
}
