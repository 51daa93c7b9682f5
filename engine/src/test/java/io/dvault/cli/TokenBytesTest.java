package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the environment of a process whose locale knows only ASCII into the file on the device: the same bytes. */
@Tag("A7")
@Timeout(180)
class TokenBytesTest {
  private static final String TOKEN = """
      apiVersion: dvault.io/v1
      kind: Token
      metadata: {name: %1$s}
      spec: {from: {env: %1$s_SECRET}, %2$sdevices: {names: [drone-1]}, ttl: 7d, install: {path: /etc/keys/%1$s}}
      ---
      """;

  @TempDir
  Path scratch;

  @Test
  void apply_tokensThatTheLocaleDoesNotKnow_arriveUnchanged() throws Exception {
    Path folder = Files.createDirectory(scratch.resolve("vault"));
    try (ScriptRun run = new ScriptRun(folder)) {
      run.play("""
          | devnet
          $ dvault init --devnet --name fleet
          ...
          | agent drone-1
          | allow drone-1 /etc/keys/raw, /etc/keys/umlaut, /etc/keys/filled
          """);
      Files.writeString(
          folder.resolve("tokens.yaml"),
          TOKEN.formatted("raw", "")
              + TOKEN.formatted("umlaut", "")
              + TOKEN.formatted("filled", "template: \"K=\u00fc{token}\\n\", "));
      assertEquals(0, apply(folder), () -> read(folder.resolve("../out")));
      run.play("$ dvault-agent once --root " + scratch.resolve("roots/drone-1") + "\n...\n");
    }
    assertInstalled("raw", "\u00ff\u00fe");
    assertInstalled("umlaut", "p\u00c3\u00a4ss");
    assertInstalled("filled", "K=\u00c3\u00bc\u00e4\u00ff\n");
  }

  private int apply(Path folder) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(
            "/bin/sh",
            "-c",
            """
            raw_SECRET=$(printf '\\377\\376') umlaut_SECRET=$(printf 'p\\303\\244ss')
            filled_SECRET=$(printf '\\344\\377')
            export raw_SECRET umlaut_SECRET filled_SECRET
            exec "$0" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$1" io.dvault.cli.Dvault apply --auto-approve""",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            System.getProperty("java.class.path"))
        .directory(folder.toFile())
        .redirectInput(new File("/dev/null"))
        .redirectErrorStream(true)
        .redirectOutput(scratch.resolve("out").toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().putAll(Map.of("LC_ALL", "POSIX", "HOME", scratch.toString()));
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(90, TimeUnit.SECONDS), "apply does not end");
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  private void assertInstalled(String name, String latin1) throws Exception {
    Path file = scratch.resolve("roots/drone-1/etc/keys").resolve(name).resolve(name);
    assertArrayEquals(latin1.getBytes(StandardCharsets.ISO_8859_1), Files.readAllBytes(file));
  }
}
