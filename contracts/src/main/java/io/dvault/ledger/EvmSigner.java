package io.dvault.ledger;

/** A secp256k1 key, wherever it lives. */
public interface EvmSigner extends AutoCloseable {
  EvmAddress address();

  /** Signs a 32-byte digest as it is; returns 65 bytes r, s, v with low s and v 27 or 28. */
  byte[] sign(io.dvault.model.Bytes32 digest);

  @Override
  default void close() {}
}
