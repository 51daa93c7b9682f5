package io.dvault.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ABI and the code that Java deploys and compares with are what the pinned compiler makes of the sources. */
@Tag("O12")
final class ContractArtifactsTest {
  private static final Path CONTRACTS = Path.of(System.getProperty("dvault.root"), "contracts");
  private static final Path COMMITTED = CONTRACTS.resolve("src/main/resources/io/dvault/ledger");
  private static final List<String> FILES =
      List.of("DVault.abi.json", "DVault.bin", "DVault.runtime.json");

  @TempDir
  private Path folder;

  @Test
  void committedArtifacts_freshCompile_areTheSame() throws Exception {
    Result check = check(COMMITTED);
    assertEquals(0, check.status(), check.output());
    assertTrue(check.output().contains("artifacts match"), check.output());
  }

  @Test
  void committedArtifacts_oneByteFlippedInEach_areRefusedByName() throws Exception {
    for (String file : FILES) {
      byte[] bytes = Files.readAllBytes(COMMITTED.resolve(file));
      bytes[bytes.length / 2] ^= 1;
      Files.write(folder.resolve(file), bytes);
    }

    Result check = check(folder);
    assertEquals(1, check.status(), check.output());
    for (String file : FILES) {
      assertTrue(check.output().contains(file + " differs from the sources"), check.output());
    }
  }

  private record Result(int status, String output) {}

  private static Result check(Path artifacts) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(
            "node", "scripts/build.mjs", "--check", artifacts.toString())
        .directory(CONTRACTS.toFile())
        .redirectErrorStream(true)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the compiler did not end");
    return new Result(process.exitValue(), output);
  }
}
