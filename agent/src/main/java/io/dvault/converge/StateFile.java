package io.dvault.converge;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.disk.DurableFiles;
import io.dvault.model.Bytes32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Something that was read from the tree and is kept on disk, so that it need not be read again: 32 bytes SHA-256, then
 * dag-cbor. What is damaged counts as not there.
 */
final class StateFile {
  private StateFile() {}

  static void write(Path file, CborValue value, DurableFiles files) throws IOException {
    byte[] body = DagCbor.encode(value);
    byte[] content = Arrays.copyOf(Bytes32.sha256(body).toArray(), Bytes32.LENGTH + body.length);
    System.arraycopy(body, 0, content, Bytes32.LENGTH, body.length);
    files.replace(file, content, 0600);
  }

  static Optional<CborValue> find(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    byte[] content = Files.readAllBytes(file);
    if (content.length <= Bytes32.LENGTH) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(content, Bytes32.LENGTH, content.length);
    if (!Bytes32.sha256(body).equals(Bytes32.of(Arrays.copyOf(content, Bytes32.LENGTH)))) {
      return Optional.empty();
    }
    try {
      return Optional.of(DagCbor.decode(body));
    } catch (MalformedCborException e) {
      return Optional.empty();
    }
  }
}
