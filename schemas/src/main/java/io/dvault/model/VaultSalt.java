package io.dvault.model;

import java.nio.charset.StandardCharsets;

/**
 * The 32 bytes in {@code vault.yaml} that hide names in public. Whoever has the repository has it; nobody else
 * should, so it prints as {@code (salt)}.
 */
public final class VaultSalt {
  private final Bytes32 bytes;

  public VaultSalt(Bytes32 bytes) {
    this.bytes = bytes;
  }

  /** SHA-256(salt ‖ text in UTF-8). */
  public Bytes32 hash(String text) {
    return Bytes32.sha256(bytes.toArray(), text.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256(salt ‖ label in UTF-8 ‖ 0x00 ‖ data). */
  public Bytes32 hash(String label, byte[] data) {
    return Bytes32.sha256(bytes.toArray(), (label + "\0").getBytes(StandardCharsets.UTF_8), data);
  }

  public Bytes32 bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VaultSalt that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return "(salt)";
  }
}
