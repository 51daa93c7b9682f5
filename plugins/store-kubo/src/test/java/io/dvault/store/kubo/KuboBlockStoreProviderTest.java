package io.dvault.store.kubo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.dag.BlockStore;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.BlockStoreProvider;
import io.dvault.testing.KuboDaemon;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KuboBlockStoreProviderTest {
  @TempDir
  private Path repository;

  private final Findings findings = new Findings();

  private BlockStoreProvider.Opener configure(String yaml, Map<String, String> environment) {
    YamlFields fields = YamlFields.parse("vault.yaml", yaml, findings);
    BlockStoreProvider.Opener opener =
        new KuboBlockStoreProvider(environment).configure(fields, repository);
    fields.finish();
    return opener;
  }

  private List<String> codes() {
    return findings.sorted().stream().map(Diagnostic::code).toList();
  }

  @Test
  void services_kubo_isFound() {
    assertTrue(ServiceLoader.load(BlockStoreProvider.class).stream()
        .anyMatch(each -> each.get().store().equals("kubo")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "api: http://127.0.0.1:5001/",
        "api: https://kubo.example",
        "{api: 'http://[::1]:5001', auth: 'env:X'}",
        "{api: 'http://localhost:5001', auth: 'file:x'}",
        "{api: 'https://kubo.example', auth: 'env:X'}"
      })
  void configure_good_hasNoFindings(String yaml) {
    configure(yaml, Map.of());
    assertEquals(List.of(), codes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api: kubo.example:5001 | DV423",
        "api: http://x/api/v0 | DV423",
        "api: 'http://u@x' | DV423",
        "api: 'http://a b' | DV423",
        "auth: hunter2 | DV425",
        "{api: 'http://kubo.example:5001', auth: 'env:X'} | DV426",
        "{api: 'http://127.0.0.1.example:5001', auth: 'env:X'} | DV426"
      })
  void configure_bad_isOneFinding(String yaml, String code) {
    configure(yaml, Map.of());
    assertEquals(List.of(code), codes());
  }

  @Test
  @Tag("T27")
  void configure_secretInYaml_isNotRepeatedInTheFinding() {
    configure("auth: hunter2", Map.of());
    assertFalse(findings.sorted().toString().contains("hunter2"));
  }

  @Test
  void open_secretMissingEmptyOrNotAHeader_isADiagnostic() throws Exception {
    Files.writeString(repository.resolve("empty"), " \n");
    for (String reference : List.of("env:ABSENT", "env:BAD", "file:absent", "file:empty")) {
      BlockStoreProvider.Opener opener =
          configure("auth: " + reference, Map.of("BAD", "Bearer a\r\nX: b"));
      DiagnosticException e =
          assertThrows(DiagnosticException.class, () -> opener.open().close());
      assertEquals("DV425", e.diagnostics().getFirst().code(), reference);
    }
  }

  @Test
  @Tag("peer:ipfs")
  void open_realKubo_works(@TempDir Path folder) throws Exception {
    String rules =
        "{\"dvault\":{\"AuthSecret\":\"basic:ops:secret\",\"AllowedPaths\":[\"/api/v0\"]}}";
    try (KuboDaemon kubo =
        KuboDaemon.start(folder, List.of("--json", "API.Authorizations", rules))) {
      Files.writeString(repository.resolve("kubo.auth"), "Basic b3BzOnNlY3JldA==\n");
      try (BlockStore store = configure(
              "{api: '" + kubo.api() + "', auth: 'file:kubo.auth'}", Map.of())
          .open()) {
        assertEquals("kubo " + kubo.api(), store.describe());
      }
    }
  }
}
