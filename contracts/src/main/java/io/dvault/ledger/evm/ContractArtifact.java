package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The published bytecode, a resource of this jar.
 *
 * @param creation creation code
 * @param runtime deployed code with zeros where immutables go
 * @param immutables the ranges of those
 */
record ContractArtifact(byte[] creation, byte[] runtime, List<Range> immutables) {
  private static final String FOLDER = "/io/dvault/ledger/";

  record Range(int start, int length) {}

  static ContractArtifact load() {
    Json.Obj runtime = Json.parse(resource("DVault.runtime.json")).asObject();
    List<Range> immutables = runtime.get("immutables").asList().stream()
        .map(item -> new Range(number(item, "start"), number(item, "length")))
        .toList();
    String creation = new String(resource("DVault.bin"), StandardCharsets.US_ASCII).strip();
    return new ContractArtifact(
        HexFormat.of().parseHex(creation),
        HexFormat.of().parseHex(runtime.text("code")),
        immutables);
  }

  /**
   * Whether {@code code}, as a node tells it, is the published runtime code, and every immutable in it has a value that
   * the published constructor gives at {@code ref}: other immutables would be another contract behind the same code.
   */
  boolean matches(byte[] code, LedgerRef ref) {
    if (code.length != runtime.length) {
      return false;
    }
    byte[] masked = code.clone();
    Set<Bytes32> expected = Eip712.immutables(ref);
    for (Range range : immutables) {
      byte[] value = Arrays.copyOfRange(code, range.start(), range.start() + range.length());
      if (value.length != Bytes32.LENGTH || !expected.contains(Bytes32.of(value))) {
        return false;
      }
      Arrays.fill(masked, range.start(), range.start() + range.length(), (byte) 0);
    }
    return Arrays.equals(masked, runtime);
  }

  private static int number(Json item, String name) {
    return item.asObject().get(name) instanceof Json.Whole(long value)
        ? Math.toIntExact(value)
        : -1;
  }

  private static byte[] resource(String name) {
    try (InputStream in = ContractArtifact.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + FOLDER + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + FOLDER + name + " of the jar", e);
    }
  }
}
