package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.SecretBytes;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/**
 * Where keys for the chain come from. Mistakes of users are {@link io.dvault.model.DiagnosticException}s: DV601 bad
 * reference or key, DV602 keystore does not open, DV603 devnet key outside a local devnet.
 */
public final class EvmKeys {
  public static final long DEVNET_CHAIN_ID = 31337;
  public static final int DEVNET_KEYS = 10;

  private EvmKeys() {}

  public static EvmSigner generate(SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  /** Reads 64 hex digits, with or without 0x. {@code origin} names the place in messages, {@code env:GAS_KEY}. */
  public static EvmSigner ofHex(String hex, String origin) {
    throw new UnsupportedOperationException();
  }

  /** Opens a Web3 Secret Storage (keystore v3) file, scrypt or pbkdf2. */
  public static EvmSigner readKeystore(Path file, SecretBytes password) {
    throw new UnsupportedOperationException();
  }

  /** Makes a key, writes it as keystore v3 with mode 0600 (the file must not exist), and returns it open. */
  public static EvmSigner createKeystore(Path file, SecretBytes password, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  /** Anvil's well-known key {@code index}, 0 to 9. Refused (DV603) unless chain 31337 on loopback: SECURITY T37. */
  public static EvmSigner devnet(int index, long chainId, EndpointSettings settings) {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens {@code env:NAME}, {@code keystore:FILE} or {@code devnet:N}, and refuses well-known devnet keys outside a
   * local devnet whichever way they came.
   *
   * @param passwordFile for keystores; else the password is in {@code environment}'s DVAULT_KEYSTORE_PASSWORD
   */
  public static EvmSigner open(
      String reference,
      Map<String, String> environment,
      Optional<Path> passwordFile,
      long chainId,
      EndpointSettings settings) {
    throw new UnsupportedOperationException();
  }

  /** DV603 when {@code address} belongs to a well-known devnet key and this is no local devnet. */
  public static void refuseDevnetKey(EvmAddress address, long chainId, EndpointSettings settings) {
    throw new UnsupportedOperationException();
  }

  /** EIP-55: the digits' case is a checksum for eyes. */
  public static String checksummed(EvmAddress address) {
    throw new UnsupportedOperationException();
  }

  /** Reads an address; when its letters are of mixed case they must be the right EIP-55 checksum (DV604). */
  public static EvmAddress parseChecksummed(String text) {
    throw new UnsupportedOperationException();
  }
}
