package io.dvault.model;

/**
 * One secret on one device, nameless in public: SHA-256(vault salt ‖ address).
 * schemas/spec/registry.md.
 */
public record EntryId(Bytes32 bytes) implements Comparable<EntryId> {
  public static EntryId of(VaultSalt salt, EntryAddress address) {
    return new EntryId(salt.hash(address.toString()));
  }

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static EntryId parse(String hex) {
    return new EntryId(Bytes32.parse(hex));
  }

  @Override
  public boolean equals(
      Object other) { // written out, as hashCode is: what records are given is slow to start with
    return other instanceof EntryId that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public int compareTo(EntryId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.hex();
  }
}
