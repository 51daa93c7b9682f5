package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.model.SecretVariables;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.web3j.crypto.Keys;

/**
 * Where keys for the chain come from. Mistakes of users are {@link DiagnosticException}s: DV601 bad reference or key,
 * DV602 keystore does not open, DV603 devnet key outside a local devnet, DV604 bad address.
 */
public final class EvmKeys {
  public static final long DEVNET_CHAIN_ID = 31337;
  public static final int DEVNET_KEYS = 10;
  private static final String PASSWORD_VARIABLE = "DVAULT_KEYSTORE_PASSWORD";
  private static final int MAX_PASSWORD = 4096;

  private EvmKeys() {}

  public static EvmSigner generate(SecureRandom random) {
    return new LocalSigner(newKey(random));
  }

  /** Reads 64 hex digits, with or without 0x. {@code origin} names the place in messages, {@code env:GAS_KEY}. */
  public static EvmSigner ofHex(String hex, String origin) {
    String digits = hex.strip();
    // The text itself must never be in the message: it may be a key with one character too many.
    if (digits.matches("(0x)?[0-9a-fA-F]{64}")) {
      BigInteger number = new BigInteger(digits.substring(digits.length() - 64), 16);
      if (Secp256k1.isPrivateKey(number)) {
        return new LocalSigner(number);
      }
    }
    throw mistake(
        "DV601",
        "not a private key",
        origin + " must hold 64 hex digits, with or without 0x, and be "
            + "a secp256k1 key; it has " + digits.length() + " characters.");
  }

  /** Opens a Web3 Secret Storage (keystore v3) file, scrypt or pbkdf2. */
  public static EvmSigner readKeystore(Path file, SecretBytes password) {
    return KeystoreV3.read(file, password);
  }

  /** Makes a key, writes it as keystore v3 with mode 0600 (the file must not exist), and returns it open. */
  public static EvmSigner createKeystore(Path file, SecretBytes password, SecureRandom random) {
    BigInteger key = newKey(random);
    KeystoreV3.write(file, key, password, random);
    return new LocalSigner(key);
  }

  /**
   * Anvil's well-known key {@code index}, 0 to 9. Refused (DV603) unless chain 31337 on loopback:
   * docs/threat-model.md T37.
   */
  public static EvmSigner devnet(int index, long chainId, EndpointSettings settings) {
    if (index < 0 || index >= DEVNET_KEYS) {
      throw mistake(
          "DV601",
          "no such devnet key",
          "devnet:" + index + " must be devnet:0 to devnet:" + (DEVNET_KEYS - 1) + ".");
    }
    return permitted(DevnetKeys.open(index), chainId, settings);
  }

  /**
   * Opens {@code env:NAME}, {@code keystore:FILE} or {@code devnet:N}, and refuses well-known devnet keys outside a
   * local devnet whichever way they came.
   *
   * @param passwordFile for keystores; else the password is in {@code environment}'s DVAULT_KEYSTORE_PASSWORD
   */
  public static EvmSigner open(
      String reference,
      SecretVariables environment,
      Optional<Path> passwordFile,
      long chainId,
      EndpointSettings settings) {
    int colon = reference.indexOf(':');
    String rest = reference.substring(colon + 1);
    return switch (colon < 0 ? "" : reference.substring(0, colon)) {
      case "env" -> permitted(fromEnvironment(rest, environment), chainId, settings);
      case "keystore" -> {
        Path file = Path.of(rest);
        KeystoreV3.requireFile(
            file); // before the password: who mistyped the file's name need not look for one
        try (SecretBytes password = password(environment, passwordFile)) {
          yield permitted(readKeystore(file, password), chainId, settings);
        }
      }
      case "devnet" ->
        devnet(rest.matches("\\d{1,3}") ? Integer.parseInt(rest) : -1, chainId, settings);
      // Not repeated in the message: somebody may have pasted a private key.
      default ->
        throw mistake(
            "DV601",
            "unknown key reference",
            "A key is named env:NAME, keystore:FILE or devnet:N (0 to " + (DEVNET_KEYS - 1) + ").");
    };
  }

  /** DV603 when {@code address} belongs to a well-known devnet key and this is no local devnet. */
  public static void refuseDevnetKey(EvmAddress address, long chainId, EndpointSettings settings) {
    if (DevnetKeys.contains(address) && (chainId != DEVNET_CHAIN_ID || !settings.onLoopback())) {
      throw mistake(
          "DV603",
          "development key on a real chain",
          "The private key of " + checksummed(address)
              + " is published: everyone can sign with it.",
          "It is accepted on chain " + DEVNET_CHAIN_ID
              + " at a loopback RPC URL alone; this is chain " + chainId + " at "
              + EndpointSettings.redacted(settings.rpc().getFirst()) + ".",
          "Use a key of your own: keystore:FILE or env:NAME.");
    }
  }

  /** EIP-55: the digits' case is a checksum for eyes. */
  public static String checksummed(EvmAddress address) {
    return Keys.toChecksumAddress(address.toString());
  }

  /** Reads an address; when its letters are of mixed case they must be the right EIP-55 checksum (DV604). */
  public static EvmAddress parseChecksummed(String text) {
    if (!text.matches("0x[0-9a-fA-F]{40}")) {
      throw mistake(
          "DV604",
          "not an address",
          "Expected 0x and 40 hex digits, got " + text.length() + " characters.");
    }
    EvmAddress address = EvmAddress.parse(text);
    String digits = text.substring(2);
    boolean mixed = !digits.equals(digits.toLowerCase(java.util.Locale.ROOT))
        && !digits.equals(digits.toUpperCase(java.util.Locale.ROOT));
    if (mixed && !checksummed(address).equals(text)) {
      throw mistake(
          "DV604",
          "address with a wrong checksum",
          text + " has a typing error somewhere: the case of its "
              + "letters is a checksum (EIP-55), and it does not fit. Copy the address again.");
    }
    return address;
  }

  private static BigInteger newKey(SecureRandom random) {
    BigInteger key;
    do {
      key = new BigInteger(256, random);
    } while (!Secp256k1.isPrivateKey(key)); // one in 2^128 is not
    return key;
  }

  private static EvmSigner permitted(EvmSigner signer, long chainId, EndpointSettings settings) {
    refuseDevnetKey(signer.address(), chainId, settings);
    return signer;
  }

  private static EvmSigner fromEnvironment(String name, SecretVariables environment) {
    // 64 hex digits are a pasted key, not a name, and must not be repeated.
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}") || name.matches("[0-9a-fA-F]{64}")) {
      throw mistake(
          "DV601", "unknown key reference", "env: must be followed by the name of a variable.");
    }
    try (SecretBytes value = environment
        .find(name)
        .orElseThrow(() -> mistake(
            "DV601",
            "key not found",
            "The environment has no variable " + name
                + ". Set it to the private key, 64 hex digits."))) {
      return ofHex(new String(value.borrow(), StandardCharsets.UTF_8), "env:" + name);
    }
  }

  private static SecretBytes password(SecretVariables environment, Optional<Path> file) {
    if (file.isEmpty()) {
      return environment
          .find(PASSWORD_VARIABLE)
          .orElseThrow(() -> mistake(
              "DV602",
              "no password for the keystore",
              "Set " + PASSWORD_VARIABLE + ", or name a file with --password-file."));
    }
    try {
      if (Files.isDirectory(file.get())) {
        throw mistake("DV602", "no password for the keystore", file.get() + " is a folder.");
      }
      if (Files.size(file.get()) > MAX_PASSWORD) {
        throw mistake(
            "DV602",
            "no password for the keystore",
            file.get() + " is too long for a password file.");
      }
      byte[] password = withoutLineEnd(Files.readAllBytes(file.get()));
      if (password.length == 0) {
        throw mistake("DV602", "no password for the keystore", file.get() + " is empty.");
      }
      return SecretBytes.owning(password);
    } catch (IOException e) {
      throw mistake(
          "DV602",
          "no password for the keystore",
          "Cannot read " + file.get() + ": " + reason(e) + ".");
    }
  }

  private static byte[] withoutLineEnd(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
      length--;
    }
    byte[] text = java.util.Arrays.copyOf(bytes, length);
    java.util.Arrays.fill(bytes, (byte) 0);
    return text;
  }

  static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException missing -> "there is no such file";
      case java.nio.file.AccessDeniedException denied -> "permission denied";
      case java.nio.file.FileAlreadyExistsException there -> "the file exists already";
      default -> e.getClass().getSimpleName();
    };
  }

  static DiagnosticException mistake(String code, String summary, String... detail) {
    return new DiagnosticException(Diagnostic.error(code, summary, detail));
  }
}
