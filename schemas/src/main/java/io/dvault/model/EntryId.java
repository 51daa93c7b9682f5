package io.dvault.model;

/** One secret on one device, nameless in public: SHA-256(vault salt ‖ address). DESIGN 2. */
public record EntryId(Bytes32 bytes) implements Comparable<EntryId> {
  public static EntryId of(VaultSalt salt, EntryAddress address) {
    return new EntryId(salt.hash(address.toString()));
  }

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static EntryId parse(String hex) {
    return new EntryId(Bytes32.parse(hex));
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
