package io.dvault.model;

/** A vault's id on chain: keccak256(creator, salt), computed by the contract. */
public record VaultId(Bytes32 bytes) implements Comparable<VaultId> {

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static VaultId parse(String hex) {
    return new VaultId(Bytes32.parse(hex));
  }

  @Override
  public int compareTo(VaultId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.hex();
  }
}
