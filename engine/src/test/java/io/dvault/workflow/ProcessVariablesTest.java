package io.dvault.workflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.model.SecretVariables;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("A7")
class ProcessVariablesTest {
  private static final byte[] BINARY = {(byte) 0xff, (byte) 0xfe, '=', '\n'};

  @TempDir
  Path folder;

  private SecretVariables block(String latin1) throws IOException {
    Path block =
        Files.write(folder.resolve("environ"), latin1.getBytes(StandardCharsets.ISO_8859_1));
    return new ProcessVariables(block, Map.of("A", "decoded"), StandardCharsets.US_ASCII);
  }

  private SecretVariables withoutBlock(String value, Charset charset) {
    return new ProcessVariables(folder.resolve("absent"), Map.of("A", value), charset);
  }

  private static byte[] value(SecretVariables variables, String name) {
    try (SecretBytes value = variables.find(name).orElseThrow()) {
      return value.copy();
    }
  }

  @Test
  void find_block_givesTheBytes() throws IOException {
    SecretVariables variables = block("AA=no\0A=\u00ff\u00fe=\n\0A=second\0EMPTY=\0B\0LAST=x");
    assertArrayEquals(BINARY, value(variables, "A"));
    assertArrayEquals(new byte[] {'x'}, value(variables, "LAST"));
    assertArrayEquals(new byte[0], value(variables, "EMPTY"));
    assertEquals(Optional.empty(), variables.find("B"));
    assertEquals(Optional.empty(), variables.find("ABSENT"));
    assertEquals(Optional.empty(), block("").find("A"));
  }

  @Test
  void find_noBlock_encodesWhatTheLocaleDecoded() {
    byte[] umlaut = {(byte) 0xe4};
    assertArrayEquals(umlaut, value(withoutBlock("\u00e4", StandardCharsets.ISO_8859_1), "A"));
    assertEquals(Optional.empty(), withoutBlock("", StandardCharsets.UTF_8).find("B"));
  }

  @Test
  void find_noBlockAndReplacedBytes_isRefused() {
    SecretVariables variables = withoutBlock("p\ufffdss", StandardCharsets.US_ASCII);
    Diagnostic refusal = assertThrows(DiagnosticException.class, () -> variables.find("A"))
        .diagnostics()
        .getFirst();
    assertEquals("DV627", refusal.code());
    assertFalse(refusal.toString().contains("ss\""), refusal::toString);
  }

  @Test
  @Tag("slow")
  void keystorePassword_bytesThatAreNoText_openTheKeystore() throws IOException {
    Path file = folder.resolve("key.json");
    EvmAddress made;
    try (SecretBytes password = SecretBytes.copyOf(BINARY);
        EvmSigner key = EvmKeys.createKeystore(file, password, new SecureRandom())) {
      made = key.address();
    }
    SecretVariables variables = block("DVAULT_KEYSTORE_PASSWORD=\u00ff\u00fe=\n\0");
    EndpointSettings endpoint = EndpointSettings.of(URI.create("http://127.0.0.1:8545"));
    try (EvmSigner key =
        EvmKeys.open("keystore:" + file, variables, Optional.empty(), 1, endpoint)) {
      assertEquals(made, key.address());
    }
  }
}
