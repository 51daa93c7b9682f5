package io.dvault.git;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("T28")
class SourceFileTest {
  @TempDir Path folder;
  private Path disk;
  private SourceFile file;

  @BeforeEach
  void released() throws IOException {
    disk = Files.writeString(folder.resolve("a.yaml"), "a: b\n");
    try (VaultRepository repository = VaultRepository.open(folder)) {
      file = repository.workTree().find("a.yaml").orElseThrow();
    }
    file.release();
  }

  private void assertChanged() {
    DiagnosticException e = assertThrows(DiagnosticException.class, file::content);
    assertEquals("DV054", e.diagnostics().getFirst().code());
  }

  @Test
  void content_afterRelease_isReadAgain() {
    assertArrayEquals("a: b\n".getBytes(), file.content());
    assertEquals(Bytes32.sha256("a: b\n"), file.sha256());
  }

  @Test
  void content_readAgain_isKept() throws IOException {
    byte[] again = file.content();
    Files.delete(disk);
    assertSame(again, file.content());
  }

  /** `printf 'a: b\n' | git hash-object --stdin`. */
  @Test
  void blobId_isGits() {
    assertEquals("26a745ddb6d38e2a9c75d0035c81ca98ae530474", HexFormat.of().formatHex(file.blobId()));
  }

  @Test
  void content_changedMeanwhile_isRefused() throws IOException {
    Files.writeString(disk, "a: c\n");
    assertChanged();
  }

  @Test
  void content_goneOrALinkMeanwhile_isRefused() throws IOException {
    Files.delete(disk);
    assertChanged();
    Files.createSymbolicLink(disk, Files.writeString(folder.resolve("other"), "a: b\n"));
    assertChanged();
  }

  @Test
  void release_ofWhatIsNotOnDisk_keepsIt() {
    SourceFile inMemory = new SourceFile("b.yaml", new byte[] {1});
    inMemory.release();
    assertArrayEquals(new byte[] {1}, inMemory.content());
  }
}
