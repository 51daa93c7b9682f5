package io.dvault.spi;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.testing.OtherProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("T23")
class ExclusiveFileTest {
  @TempDir
  private Path folder;

  @Test
  void tryOpen_secondTimeInThisJvm_neitherSucceedsNorFreesTheFirst() throws IOException {
    Path file = folder.resolve("lock");
    Path link = Files.createSymbolicLink(folder.resolve("same"), folder).resolve("lock");
    try (ExclusiveFile first = ExclusiveFile.tryOpen(file, CREATE, WRITE).orElseThrow()) {
      assertEquals(Optional.empty(), ExclusiveFile.tryOpen(file, CREATE, WRITE));
      assertEquals(Optional.empty(), ExclusiveFile.tryOpen(link, CREATE, WRITE));
      assertTrue(first.channel().isOpen());
      assertTrue(OtherProcess.findsLocked(file), "still held against other processes");
    }
    assertFalse(OtherProcess.findsLocked(file));
    ExclusiveFile.tryOpen(link, CREATE, WRITE).orElseThrow().close();
  }

  @Test
  void tryOpen_whatCannotBeOpened_leavesNothingHeld() throws IOException {
    Path file = folder.resolve("later");
    assertThrows(NoSuchFileException.class, () -> ExclusiveFile.tryOpen(file, WRITE));
    Files.createFile(file);
    ExclusiveFile.tryOpen(file, WRITE).orElseThrow().close();
  }
}
