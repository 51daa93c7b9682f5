package io.dvault.model;

/** What an entry was issued from: SHA-256(vault salt ‖ "spec" ‖ 0x00 ‖ canonical dag-cbor of the spec). */
public record SpecHash(Bytes32 bytes) implements Comparable<SpecHash> {
  public static SpecHash of(VaultSalt salt, byte[] canonicalSpec) {
    return new SpecHash(salt.hash("spec", canonicalSpec));
  }

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static SpecHash parse(String hex) {
    return new SpecHash(Bytes32.parse(hex));
  }

  @Override
  public boolean equals(
      Object other) { // written out, as hashCode is: what records are given is slow to start with
    return other instanceof SpecHash that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public int compareTo(SpecHash other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.hex();
  }
}
