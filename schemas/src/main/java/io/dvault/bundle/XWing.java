package io.dvault.bundle;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.DestroyFailedException;
import org.bouncycastle.crypto.digests.SHA3Digest;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * The KEM MLKEM768-X25519, also known as X-Wing. Sources: draft-ietf-hpke-pq, draft-connolly-cfrg-xwing-kem.
 * Public key: ML-KEM encapsulation key (1,184 bytes) ‖ X25519 point (32). Private key: a seed of 32 bytes.
 */
final class XWing {
  static final int KEM_ID = 0x647a;
  static final int SEED_LENGTH = 32;
  static final int PUBLIC_KEY_LENGTH = MlKem.KEY_LENGTH + X25519.POINT_SIZE;
  static final int ENC_LENGTH = MlKem.CIPHERTEXT_LENGTH + X25519.POINT_SIZE;

  private static final byte[] LABEL = {'\\', '.', '/', '/', '^', '\\'};

  private XWing() {}

  private static byte[] combine(byte[] secretM, byte[] secretX, byte[] enc, byte[] point) {
    SHA3Digest digest = new SHA3Digest(256);
    digest.update(secretM, 0, secretM.length);
    digest.update(secretX, 0, secretX.length);
    digest.update(enc, MlKem.CIPHERTEXT_LENGTH, X25519.POINT_SIZE);
    digest.update(point, 0, point.length);
    digest.update(LABEL, 0, LABEL.length);
    byte[] secret = new byte[32];
    digest.doFinal(secret, 0);
    return secret;
  }

  /** A checked public key. */
  static final class PublicKey implements Kem.PublicKey {
    private final java.security.PublicKey mlkem;
    private final byte[] point;

    /** Throws IllegalArgumentException for what is no key, a point of low order included. */
    PublicKey(byte[] key) {
      if (key.length != PUBLIC_KEY_LENGTH) {
        throw new IllegalArgumentException(
            "a hybrid key has " + PUBLIC_KEY_LENGTH + " bytes, not " + key.length);
      }
      mlkem = MlKem.publicKey(Arrays.copyOf(key, MlKem.KEY_LENGTH));
      point = Arrays.copyOfRange(key, MlKem.KEY_LENGTH, PUBLIC_KEY_LENGTH);
      LowOrder.refuse(point);
    }

    /** Draws 32 bytes for ML-KEM, then the ephemeral scalar; enc: ML-KEM ciphertext ‖ ephemeral X25519 point. */
    @Override
    public Kem.Encapsulated encapsulate(SecureRandom random) {
      Kem.Encapsulated inner = MlKem.encapsulate(mlkem, random);
      byte[] enc = Arrays.copyOf(inner.enc(), ENC_LENGTH);
      byte[] scalar = new byte[X25519.SCALAR_SIZE];
      byte[] secretX = new byte[X25519.POINT_SIZE];
      try {
        random.nextBytes(scalar);
        X25519.scalarMultBase(scalar, 0, enc, MlKem.CIPHERTEXT_LENGTH);
        X25519.scalarMult(scalar, 0, point, 0, secretX, 0);
        return new Kem.Encapsulated(enc, combine(inner.secret(), secretX, enc, point));
      } finally {
        Arrays.fill(scalar, (byte) 0);
        Arrays.fill(secretX, (byte) 0);
        Arrays.fill(inner.secret(), (byte) 0);
      }
    }
  }

  /** A private key expanded from its seed; wiped on close. */
  static final class PrivateKey implements Kem.PrivateKey, AutoCloseable {
    private final KeyPair mlkem;
    private final byte[] scalar = new byte[X25519.SCALAR_SIZE];
    private final byte[] point = new byte[X25519.POINT_SIZE];

    /** Expands by SHAKE256 to the seed of ML-KEM (d ‖ z, 64 bytes) and the X25519 scalar. */
    PrivateKey(byte[] seed) {
      byte[] expanded = new byte[MlKem.SEED_LENGTH + X25519.SCALAR_SIZE];
      byte[] mlkemSeed = new byte[0];
      try {
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(seed, 0, seed.length);
        shake.doFinal(expanded, 0, expanded.length);
        mlkemSeed = Arrays.copyOf(expanded, MlKem.SEED_LENGTH);
        mlkem = MlKem.keyPair(mlkemSeed);
        System.arraycopy(expanded, MlKem.SEED_LENGTH, scalar, 0, scalar.length);
        X25519.scalarMultBase(scalar, 0, point, 0);
      } finally {
        Arrays.fill(expanded, (byte) 0);
        Arrays.fill(mlkemSeed, (byte) 0);
      }
    }

    byte[] publicKey() {
      byte[] key = Arrays.copyOf(MlKem.encode(mlkem.getPublic()), PUBLIC_KEY_LENGTH);
      System.arraycopy(point, 0, key, MlKem.KEY_LENGTH, point.length);
      return key;
    }

    /** A wrong enc gives a random secret (implicit rejection), a point of low order an exception. */
    @Override
    public byte[] decapsulate(byte[] enc) throws MalformedAgeException {
      byte[] secretX = new byte[X25519.POINT_SIZE];
      byte[] secretM = new byte[0];
      try {
        if (!X25519.calculateAgreement(scalar, 0, enc, MlKem.CIPHERTEXT_LENGTH, secretX, 0)) {
          throw new MalformedAgeException(
              AgeFile.Part.HEADER, "mlkem768x25519 stanza: share of low order");
        }
        secretM =
            MlKem.decapsulate(mlkem.getPrivate(), Arrays.copyOf(enc, MlKem.CIPHERTEXT_LENGTH));
        return combine(secretM, secretX, enc, point);
      } finally {
        Arrays.fill(secretX, (byte) 0);
        Arrays.fill(secretM, (byte) 0);
      }
    }

    @Override
    public void close() {
      Arrays.fill(scalar, (byte) 0);
      try {
        mlkem.getPrivate().destroy();
      } catch (DestroyFailedException e) {
        throw new IllegalStateException("the platform's ML-KEM keys can be wiped", e);
      }
    }

    @Override
    public String toString() {
      return "(sensitive)";
    }
  }
}
