package io.dvault.bundle;

import io.dvault.bundle.XWing.Encapsulated;
import org.bouncycastle.crypto.kems.mlkem.MLKEMEngine;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/** The public half of one ML-KEM-768 key, FIPS 203 6.2. Thread-safe; the same message gives the same bytes everywhere. */
interface Encapsulator {
  /** ML-KEM.Encaps_internal with {@code message} of 32 bytes: a ciphertext of 1,088 bytes and a secret of 32. */
  Encapsulated encapsulate(byte[] message);

  /** BouncyCastle's; throws IllegalArgumentException when the key fails the modulus check of FIPS 203 7.2. */
  static Encapsulator bouncyCastle(byte[] key) {
    MLKEMPublicKeyParameters parsed = new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, key);
    MLKEMEngine engine = MLKEMEngine.getInstance(MLKEMParameters.ml_kem_768);
    return message -> {
      byte[][] result = engine.kemEncrypt(parsed, message);
      return new Encapsulated(result[1], result[0]);
    };
  }
}
