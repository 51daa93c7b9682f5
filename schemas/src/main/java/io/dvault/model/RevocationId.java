package io.dvault.model;

/**
 * What a guardian revokes: SHA-256(EntryId ‖ generation as 8 bytes big-endian).
 * schemas/spec/contract.md, "Ids".
 */
public record RevocationId(Bytes32 bytes) implements Comparable<RevocationId> {
  public static RevocationId of(EntryId entry, long generation) {
    byte[] counter = new byte[Long.BYTES];
    for (int i = 0; i < Long.BYTES; i++) {
      counter[i] = (byte) (generation >>> Byte.SIZE * (Long.BYTES - 1 - i));
    }
    return new RevocationId(Bytes32.sha256(entry.bytes().toArray(), counter));
  }

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static RevocationId parse(String hex) {
    return new RevocationId(Bytes32.parse(hex));
  }

  @Override
  public boolean equals(
      Object other) { // written out, as hashCode is: what records are given is slow to start with
    return other instanceof RevocationId that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public int compareTo(RevocationId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.hex();
  }
}
