package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * Web3 Secret Storage, version 3: aes-128-ctr, scrypt or pbkdf2 with hmac-sha256. Written as geth writes it (scrypt n
 * 2^18, r 8, p 1). Source: ethereum.org, Web3 Secret Storage Definition.
 */
final class KeystoreV3 {
  private static final int DERIVED = 32;
  private static final long SCRYPT_N = 1 << 18;
  private static final long SCRYPT_R = 8;
  private static final long SCRYPT_P = 1;
  // A hostile file must not take all memory (128·n·r bytes) or time.
  private static final long MAX_SCRYPT_BYTES = 1L << 30;
  private static final long MAX_ROUNDS = 10_000_000;
  private static final int MAX_FILE = 64 << 10;

  private KeystoreV3() {}

  /** Throws DV602 when there is no such file. */
  static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw unreadable(file, Files.exists(file) ? "it is no file" : "there is no such file");
    }
  }

  static EvmSigner read(Path file, SecretBytes password) {
    try {
      if (Files.size(file) > MAX_FILE) {
        throw unreadable(file, "it is larger than a keystore can be");
      }
      Json.Obj root = Json.parse(Files.readAllBytes(file)).asObject();
      if (!new Json.Whole(3).equals(root.get("version"))) {
        throw unreadable(file, "it is no keystore of version 3");
      }
      // geth writes "crypto", some old tools "Crypto"
      Json.Obj crypto = root.find("crypto")
          .or(() -> root.find("Crypto"))
          .orElseThrow(() -> unreadable(file, "field \"crypto\" is missing"))
          .asObject();
      return new LocalSigner(decrypt(file, crypto, password));
    } catch (IOException e) {
      throw unreadable(file, EvmKeys.reason(e));
    } catch (
        Json.MalformedAnswer
            e) { // its message may repeat what is in the file, and that may be a key
      throw unreadable(file, "it is no keystore: not the JSON that one is");
    } catch (IllegalArgumentException e) {
      throw unreadable(file, "it does not hold a usable key");
    }
  }

  private static BigInteger decrypt(Path file, Json.Obj crypto, SecretBytes password) {
    if (!crypto.text("cipher").equals("aes-128-ctr")) {
      throw unreadable(file, "its cipher is not aes-128-ctr");
    }
    byte[] ciphertext = hex(crypto.text("ciphertext"));
    byte[] derived = derive(file, crypto, password);
    byte[] mac = Keccak.hash(Arrays.copyOfRange(derived, 16, 32), ciphertext).toArray();
    if (!MessageDigest.isEqual(mac, hex(crypto.text("mac")))) {
      throw EvmKeys.mistake(
          "DV602",
          "keystore does not open",
          file + ": the password is wrong.",
          "It comes from --password-file or DVAULT_KEYSTORE_PASSWORD.");
    }
    byte[] key = aes(derived, hex(crypto.get("cipherparams").asObject().text("iv")), ciphertext);
    try {
      return new BigInteger(1, key);
    } finally {
      Arrays.fill(key, (byte) 0);
      Arrays.fill(derived, (byte) 0);
    }
  }

  private static byte[] derive(Path file, Json.Obj crypto, SecretBytes password) {
    Json.Obj parameters = crypto.get("kdfparams").asObject();
    byte[] salt = hex(parameters.text("salt"));
    if (number(parameters, "dklen") != DERIVED) {
      throw unreadable(file, "its derived key has not 32 bytes");
    }
    return switch (crypto.text("kdf")) {
      case "scrypt" -> {
        long n = number(parameters, "n");
        long r = number(parameters, "r");
        long p = number(parameters, "p");
        if (n < 2
            || Long.bitCount(n) != 1
            || r < 1
            || r > 64
            || p < 1
            || p > 64
            || n > MAX_SCRYPT_BYTES / 128 / r) {
          throw unreadable(file, "its scrypt parameters are out of range");
        }
        // RFC 7914, section 2: n < 2^(128·r/8). Some tools write n 2^18 with r 1; BouncyCastle
        // keeps to the RFC.
        if (r < 4 && n >= 1L << 16 * r) {
          throw unreadable(
              file,
              "its scrypt parameters (n " + n + ", r " + r + ") are outside RFC 7914: import the "
                  + "key into geth, and use the file that geth writes");
        }
        yield SCrypt.generate(password.borrow(), salt, (int) n, (int) r, (int) p, DERIVED);
      }
      case "pbkdf2" -> {
        long rounds = number(parameters, "c");
        if (rounds < 1 || rounds > MAX_ROUNDS || !parameters.text("prf").equals("hmac-sha256")) {
          throw unreadable(file, "its pbkdf2 parameters are out of range");
        }
        PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
        generator.init(password.borrow(), salt, (int) rounds);
        yield ((KeyParameter) generator.generateDerivedMacParameters(8 * DERIVED)).getKey();
      }
      default -> throw unreadable(file, "its kdf is neither scrypt nor pbkdf2");
    };
  }

  static void write(Path file, BigInteger key, SecretBytes password, SecureRandom random) {
    byte[] salt = bytes(random, 32);
    byte[] iv = bytes(random, 16);
    byte[] derived = SCrypt.generate(
        password.borrow(), salt, (int) SCRYPT_N, (int) SCRYPT_R, (int) SCRYPT_P, DERIVED);
    byte[] plain = fixed(key);
    byte[] ciphertext = aes(derived, iv, plain);
    Arrays.fill(plain, (byte) 0);
    Json keystore = Json.object(
        "address", new LocalSigner(key).address().toString().substring(2),
        "crypto",
            Json.object(
                "cipher", "aes-128-ctr",
                "ciphertext", text(ciphertext),
                "cipherparams", Json.object("iv", text(iv)),
                "kdf", "scrypt",
                "kdfparams",
                    Json.object(
                        "dklen",
                        new Json.Whole(DERIVED),
                        "n",
                        new Json.Whole(SCRYPT_N),
                        "p",
                        new Json.Whole(SCRYPT_P),
                        "r",
                        new Json.Whole(SCRYPT_R),
                        "salt",
                        text(salt)),
                "mac",
                    Keccak.hash(Arrays.copyOfRange(derived, 16, 32), ciphertext).hex()),
        "id", UUID.randomUUID().toString(),
        "version", new Json.Whole(3));
    Arrays.fill(derived, (byte) 0);
    StringBuilder json = new StringBuilder();
    keystore.write(json);
    writePrivate(file, json.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  // docs/threat-model.md T32: 0600 from the first byte.
  private static void writePrivate(Path file, byte[] content) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode = posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
    try (FileChannel out = FileChannel.open(
        file, EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), mode)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      out.force(true);
    } catch (IOException e) {
      throw EvmKeys.mistake(
          "DV602", "cannot write keystore", file + ": " + EvmKeys.reason(e) + ".");
    }
  }

  private static byte[] aes(byte[] derived, byte[] iv, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE, new SecretKeySpec(derived, 0, 16, "AES"), new IvParameterSpec(iv));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("AES refused the keystore's parameters", e);
    }
  }

  private static byte[] bytes(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] fixed(BigInteger key) {
    byte[] digits = key.toByteArray();
    byte[] fixed = new byte[32];
    int length = Math.min(32, digits.length);
    System.arraycopy(digits, digits.length - length, fixed, 32 - length, length);
    Arrays.fill(digits, (byte) 0);
    return fixed;
  }

  private static long number(Json.Obj parameters, String name) {
    return parameters.get(name) instanceof Json.Whole(long value) ? value : -1;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static String text(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static DiagnosticException unreadable(Path file, String why) {
    return EvmKeys.mistake(
        "DV602",
        "keystore does not open",
        file + ": " + why + ".",
        "A keystore is a file of Web3 Secret Storage version 3, as geth and foundry write it.");
  }
}
