package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.ECPoint;
import org.web3j.crypto.Sign;

/** ECDSA over secp256k1 with public-key recovery, as {@code ecrecover} behind OpenZeppelin's checks. */
final class Secp256k1 {
  static final int SIGNATURE_LENGTH = 65;
  static final BigInteger ORDER = Sign.CURVE_PARAMS.getN();
  private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);

  private Secp256k1() {}

  static boolean isPrivateKey(BigInteger number) {
    return number.signum() > 0 && number.compareTo(ORDER) < 0;
  }

  /** Last 20 bytes of keccak256 over the 64 bytes x, y. */
  static EvmAddress address(ECPoint publicKey) {
    byte[] encoded = publicKey.getEncoded(false);
    byte[] hash = Keccak.hash(Arrays.copyOfRange(encoded, 1, encoded.length)).toArray();
    return EvmAddress.of(Arrays.copyOfRange(hash, hash.length - EvmAddress.LENGTH, hash.length));
  }

  /**
   * Who signed {@code digest}; empty unless the signature is r, s, v in range with v 27 or 28 and low s (EIP-2,
   * docs/threat-model.md T9): each key has exactly one signature form for each nonce.
   */
  static Optional<EvmAddress> recover(Bytes32 digest, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH || signature[64] != 27 && signature[64] != 28) {
      return Optional.empty();
    }
    BigInteger r = new BigInteger(1, signature, 0, 32);
    BigInteger s = new BigInteger(1, signature, 32, 32);
    if (!isPrivateKey(r) || s.signum() == 0 || s.compareTo(HALF_ORDER) > 0) {
      return Optional.empty();
    }
    return point(r, signature[64] - 27).flatMap(nonce -> recover(digest, r, s, nonce));
  }

  // SEC 1, 4.1.6: Q = r⁻¹ (s R − e G)
  private static Optional<EvmAddress> recover(Bytes32 digest, BigInteger r, BigInteger s, ECPoint nonce) {
    BigInteger e = new BigInteger(1, digest.toArray());
    BigInteger inverse = r.modInverse(ORDER);
    BigInteger ofGenerator = inverse.multiply(e.negate()).mod(ORDER);
    BigInteger ofNonce = inverse.multiply(s).mod(ORDER);
    ECPoint key =
        ECAlgorithms.sumOfTwoMultiplies(Sign.CURVE_PARAMS.getG(), ofGenerator, nonce, ofNonce).normalize();
    return key.isInfinity() ? Optional.empty() : Optional.of(address(key));
  }

  private static Optional<ECPoint> point(BigInteger x, int parity) {
    ECCurve curve = Sign.CURVE_PARAMS.getCurve();
    byte[] compressed = new byte[33];
    compressed[0] = (byte) (2 + parity);
    byte[] digits = x.toByteArray();
    int length = Math.min(32, digits.length);
    System.arraycopy(digits, digits.length - length, compressed, 33 - length, length);
    try {
      return Optional.of(curve.decodePoint(compressed));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no point of the curve has this x
    }
  }
}
