package io.dvault.bundle;

import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.kems.mlkem.MLKEMEngine;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * The KEM MLKEM768-X25519, HPKE id 0x647a, also known as X-Wing. Sources: draft-ietf-hpke-pq,
 * draft-connolly-cfrg-xwing-kem.
 * Public key: ML-KEM encapsulation key (1,184 bytes) ‖ X25519 point (32). Private key: a seed of 32 bytes.
 */
final class XWing {
  static final int SEED_LENGTH = 32;
  static final int MLKEM_KEY_LENGTH = 1184;
  static final int MLKEM_CIPHERTEXT_LENGTH = 1088;
  static final int PUBLIC_KEY_LENGTH = MLKEM_KEY_LENGTH + X25519.POINT_SIZE;
  static final int ENC_LENGTH = MLKEM_CIPHERTEXT_LENGTH + X25519.POINT_SIZE;
  static final int RANDOMNESS = 64;

  private static final int MLKEM_SEED = 64;
  private static final MLKEMEngine ENGINE = MLKEMEngine.getInstance(MLKEMParameters.ml_kem_768);
  private static final byte[] LABEL = {'\\', '.', '/', '/', '^', '\\'};

  private XWing() {}

  /**
   * What a sender gets.
   *
   * @param enc 1,120 bytes: ML-KEM ciphertext ‖ ephemeral X25519 point
   * @param secret 32 bytes, to be wiped by the receiver
   */
  record Encapsulated(byte[] enc, byte[] secret) {
    @Override
    public String toString() {
      return "Encapsulated((sensitive))";
    }
  }

  /** EncapsulateDerand: 64 bytes of randomness, the first 32 for ML-KEM, the others the ephemeral scalar. */
  static Encapsulated encapsulate(Encapsulator mlkem, byte[] point, byte[] randomness) {
    byte[] enc = new byte[ENC_LENGTH];
    byte[] secretX = new byte[X25519.POINT_SIZE];
    byte[] message = Arrays.copyOf(randomness, 32);
    Encapsulated inner = mlkem.encapsulate(message);
    try {
      System.arraycopy(inner.enc(), 0, enc, 0, MLKEM_CIPHERTEXT_LENGTH);
      X25519.scalarMultBase(randomness, 32, enc, MLKEM_CIPHERTEXT_LENGTH);
      X25519.scalarMult(randomness, 32, point, 0, secretX, 0);
      return new Encapsulated(enc, combine(inner.secret(), secretX, enc, point));
    } finally {
      Arrays.fill(message, (byte) 0);
      Arrays.fill(secretX, (byte) 0);
      Arrays.fill(inner.secret(), (byte) 0);
    }
  }

  private static byte[] combine(byte[] secretM, byte[] secretX, byte[] enc, byte[] point) {
    SHA3Digest digest = new SHA3Digest(256);
    digest.update(secretM, 0, secretM.length);
    digest.update(secretX, 0, secretX.length);
    digest.update(enc, MLKEM_CIPHERTEXT_LENGTH, X25519.POINT_SIZE);
    digest.update(point, 0, point.length);
    digest.update(LABEL, 0, LABEL.length);
    byte[] secret = new byte[32];
    digest.doFinal(secret, 0);
    return secret;
  }

  /** A private key expanded from its seed; wiped on close. */
  static final class PrivateKey implements AutoCloseable {
    private final MLKEMPrivateKeyParameters mlkem;
    private final byte[] scalar = new byte[X25519.SCALAR_SIZE];
    private final byte[] point = new byte[X25519.POINT_SIZE];

    /** Expands by SHAKE256 to the seed of ML-KEM (d ‖ z, 64 bytes) and the X25519 scalar. */
    PrivateKey(byte[] seed) {
      byte[] expanded = new byte[MLKEM_SEED + X25519.SCALAR_SIZE];
      byte[] mlkemSeed = new byte[0];
      try {
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(seed, 0, seed.length);
        shake.doFinal(expanded, 0, expanded.length);
        mlkemSeed = Arrays.copyOf(expanded, MLKEM_SEED);
        mlkem = new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, mlkemSeed);
        System.arraycopy(expanded, MLKEM_SEED, scalar, 0, scalar.length);
        X25519.scalarMultBase(scalar, 0, point, 0);
      } finally {
        Arrays.fill(expanded, (byte) 0);
        Arrays.fill(mlkemSeed, (byte) 0);
      }
    }

    byte[] publicKey() {
      byte[] key = Arrays.copyOf(mlkem.getPublicKey(), PUBLIC_KEY_LENGTH);
      System.arraycopy(point, 0, key, MLKEM_KEY_LENGTH, point.length);
      return key;
    }

    /** The shared secret; a wrong enc gives a random one (implicit rejection). Throws for a point of low order. */
    byte[] decapsulate(byte[] enc) throws MalformedAgeException {
      byte[] secretX = new byte[X25519.POINT_SIZE];
      byte[] secretM = new byte[0];
      try {
        if (!X25519.calculateAgreement(scalar, 0, enc, MLKEM_CIPHERTEXT_LENGTH, secretX, 0)) {
          throw new MalformedAgeException(AgeFile.Part.HEADER, "mlkem768x25519 stanza: share of low order");
        }
        secretM = ENGINE.kemDecrypt(mlkem, Arrays.copyOf(enc, MLKEM_CIPHERTEXT_LENGTH));
        return combine(secretM, secretX, enc, point);
      } finally {
        Arrays.fill(secretX, (byte) 0);
        Arrays.fill(secretM, (byte) 0);
      }
    }

    @Override
    public void close() {
      mlkem.destroy();
      Arrays.fill(scalar, (byte) 0);
    }

    @Override
    public String toString() {
      return "(sensitive)";
    }
  }
}
