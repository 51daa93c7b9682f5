package io.dvault.model;

/** An authority, nameless in public: SHA-256(vault salt ‖ "Authority/name"). */
public record AuthorityId(Bytes32 bytes) implements Comparable<AuthorityId> {
  public static AuthorityId of(VaultSalt salt, String name) {
    return new AuthorityId(salt.hash("Authority/" + name));
  }

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static AuthorityId parse(String hex) {
    return new AuthorityId(Bytes32.parse(hex));
  }

  @Override
  public int compareTo(AuthorityId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.hex();
  }
}
