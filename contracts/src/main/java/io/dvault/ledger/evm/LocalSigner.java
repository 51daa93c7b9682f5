package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Sign;

/**
 * A key in memory. Java's big numbers cannot be wiped; closing drops the only reference. Who needs more brings an
 * {@link EvmSigner} of hardware.
 */
final class LocalSigner implements EvmSigner {
  private final EvmAddress address;
  private Optional<ECKeyPair> pair;

  LocalSigner(BigInteger privateKey) {
    if (!Secp256k1.isPrivateKey(privateKey)) {
      throw new IllegalArgumentException("not a secp256k1 private key");
    }
    ECKeyPair created = ECKeyPair.create(privateKey);
    this.pair = Optional.of(created);
    this.address = Secp256k1.address(created.getPublicKey());
  }

  @Override
  public EvmAddress address() {
    return address;
  }

  @Override
  public byte[] sign(Bytes32 digest) {
    ECKeyPair open =
        pair.orElseThrow(() -> new IllegalStateException("the key was used after it was closed"));
    // RFC 6979 nonce, low s
    Sign.SignatureData data = Sign.signMessage(digest.toArray(), open, false);
    byte[] signature = Arrays.copyOf(data.getR(), Secp256k1.SIGNATURE_LENGTH);
    System.arraycopy(data.getS(), 0, signature, 32, 32);
    signature[64] = data.getV()[0];
    return signature;
  }

  @Override
  public void close() {
    pair = Optional.empty();
  }

  @Override
  public String toString() {
    return address + " (sensitive)";
  }
}
