package io.dvault.ledger.evm;

import io.dvault.model.Bytes32;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.web3j.crypto.Hash;

/** Keccak-256, the hash of the EVM. */
final class Keccak {
  private Keccak() {}

  /** Over the concatenation of {@code parts}. */
  static Bytes32 hash(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return Bytes32.of(Hash.sha3(all.toByteArray()));
  }

  static Bytes32 hash(String ascii) {
    return hash(ascii.getBytes(StandardCharsets.US_ASCII));
  }
}
