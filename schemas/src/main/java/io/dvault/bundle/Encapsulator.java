package io.dvault.bundle;

import io.dvault.bundle.XWing.Encapsulated;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.kems.mlkem.MLKEMEngine;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/** The public half of one ML-KEM-768 key, FIPS 203 6.2. Thread-safe; a message gives the same bytes everywhere. */
@FunctionalInterface
interface Encapsulator {
  /** ML-KEM.Encaps_internal with {@code message} of 32 bytes: a ciphertext of 1,088 bytes and a secret of 32. */
  Encapsulated encapsulate(byte[] message);

  /** By the fastest implementation here, for a key of 1,184 bytes that passed {@link #isKey}. */
  static Encapsulator of(byte[] key) {
    Optional<PlatformMlKem> platform = PlatformMlKem.find();
    return platform.isPresent() ? platform.get().encapsulator(key) : bouncyCastle(key);
  }

  static Encapsulator bouncyCastle(byte[] key) {
    MLKEMPublicKeyParameters parsed = new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, key);
    MLKEMEngine engine = MLKEMEngine.getInstance(MLKEMParameters.ml_kem_768);
    return message -> {
      byte[][] result = engine.kemEncrypt(parsed, message);
      return new Encapsulated(result[1], result[0]);
    };
  }

  /** The check of FIPS 203 7.2: every coefficient is below the modulus. */
  static boolean isKey(byte[] key) {
    MLKEMEngine engine = MLKEMEngine.getInstance(MLKEMParameters.ml_kem_768);
    return key.length == XWing.MLKEM_KEY_LENGTH && engine.checkModulus(Arrays.copyOf(key, engine.getPolyVecBytes()));
  }
}
