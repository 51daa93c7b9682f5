package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.Optional;
import org.web3j.crypto.ECDSASignature;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/** What web3j's recovery takes and {@code ecrecover} behind OpenZeppelin's checks does not. */
final class Secp256k1 {
  static final int SIGNATURE_LENGTH = 65;
  static final BigInteger ORDER = Sign.CURVE_PARAMS.getN();

  private Secp256k1() {}

  static boolean isPrivateKey(BigInteger number) {
    return number.signum() > 0 && number.compareTo(ORDER) < 0;
  }

  /** @param publicKey the 64 bytes x, y as one number */
  static EvmAddress address(BigInteger publicKey) {
    return EvmAddress.parse("0x" + Keys.getAddress(publicKey));
  }

  /**
   * Returns who signed {@code digest}; empty unless the signature is r, s, v in range with v 27 or 28 and low s (EIP-2,
   * docs/threat-model.md T9): each key has exactly one signature form for each nonce.
   */
  static Optional<EvmAddress> recover(Bytes32 digest, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH || signature[64] != 27 && signature[64] != 28) {
      return Optional.empty();
    }
    BigInteger r = new BigInteger(1, signature, 0, 32);
    BigInteger s = new BigInteger(1, signature, 32, 32);
    ECDSASignature pair = new ECDSASignature(r, s);
    if (!isPrivateKey(r) || !isPrivateKey(s) || !pair.isCanonical()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
              Sign.recoverFromSignature(signature[64] - 27, pair, digest.toArray()))
          .filter(key -> key.signum() > 0) // zero stands for the point at infinity, which is no key
          .map(Secp256k1::address);
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no point of the curve has this x
    }
  }
}
