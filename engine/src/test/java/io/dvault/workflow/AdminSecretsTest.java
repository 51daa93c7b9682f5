package io.dvault.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.cli.ScriptRun;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A7")
class AdminSecretsTest {
  @TempDir
  Path folder;

  private RunEnvironment environment;

  @BeforeEach
  void open() {
    environment = new ScriptRun(folder).context(List.of()).run();
  }

  private SecretBytes output(String command, Duration patience) {
    return new AdminSecrets(
            environment,
            Workspace.open(environment),
            folder.resolve("identity"),
            true,
            warning -> {},
            patience)
        .read("exec:" + command);
  }

  private static String why(DiagnosticException e) {
    return e.diagnostics().getFirst().detail().getFirst();
  }

  @Test
  void read_command_givesItsOutput() {
    try (SecretBytes value = output("printf '%s' opened", Duration.ofSeconds(30))) {
      assertArrayEquals("opened".getBytes(StandardCharsets.UTF_8), value.borrow());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sleep 20", "sleep 20; echo late", "exec >&-; sleep 20"})
  @Timeout(60)
  void read_commandThatDoesNotEnd_isGivenUp(String command) {
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> output(command, Duration.ofSeconds(1)));
    assertEquals("The command took longer than 1 s.", why(e));
  }

  @Test
  void read_commandThatFails_isRefusedWithItsCode() {
    DiagnosticException e = assertThrows(
        DiagnosticException.class, () -> output("echo half; exit 7", Duration.ofSeconds(30)));
    assertEquals("The command ended with 7.", why(e));
  }

  @Test
  void read_endlessOutput_isCutOff() {
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> output("yes", Duration.ofSeconds(30)));
    assertEquals("It gave more than 65536 bytes.", why(e));
  }
}
