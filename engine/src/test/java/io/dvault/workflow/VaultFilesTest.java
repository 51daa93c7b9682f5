package io.dvault.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultFilesTest {
  @TempDir
  Path folder;

  /** What would be committed otherwise holds the devnet's identity. */
  @ParameterizedTest
  @ValueSource(strings = {"target/", "target/\n", "target/\n.dvault/", "target/\n.dvault/\n"})
  @Tag("T32")
  void prepare_ignoreFileOfTheUser_getsALineOfItsOwn(String before) throws IOException {
    Files.writeString(folder.resolve(".gitignore"), before);
    new VaultFiles(folder).prepare();
    assertEquals(List.of("target/", ".dvault/"), Files.readAllLines(folder.resolve(".gitignore")));
  }
}
