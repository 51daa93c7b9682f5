package io.dvault.git;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dvault.model.Bytes32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFileTest {
  @TempDir
  Path folder;

  /** `printf 'a: b\n' | git hash-object --stdin`. */
  @Test
  void hashes_areOfTheBytesThatWereRead() throws IOException {
    Path disk = Files.writeString(folder.resolve("a.yaml"), "a: b\n");
    SourceFile file = SourceFile.onDisk("a.yaml", disk);
    Files.delete(disk);
    assertArrayEquals("a: b\n".getBytes(), file.content());
    assertEquals(
        "26a745ddb6d38e2a9c75d0035c81ca98ae530474", HexFormat.of().formatHex(file.blobId()));
    assertEquals(Bytes32.sha256("a: b\n"), file.sha256());
  }
}
