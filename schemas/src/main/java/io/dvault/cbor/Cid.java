package io.dvault.cbor;

import io.dvault.model.Bytes32;

/**
 * The only two content ids that dVault accepts: CIDv1, sha2-256, dag-cbor or raw. Binary form is 36 bytes
 * ({@code 01 codec 12 20 digest}); text form is base32 lower case ({@code bafy…}, {@code bafk…}). Source: multiformats
 * CID specification.
 */
public record Cid(Codec codec, Bytes32 digest) implements Comparable<Cid> {
  public static final int LENGTH = 36;
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  /** The id of {@code block}: hashes it. */
  public static Cid of(Codec codec, byte[] block) {
    return new Cid(codec, Bytes32.sha256(block));
  }

  /** Reads 36 bytes; throws IllegalArgumentException for every other form of CID. */
  public static Cid ofBytes(byte[] bytes) {
    if (bytes.length != LENGTH || bytes[0] != 1 || bytes[2] != 0x12 || bytes[3] != 0x20) {
      throw new IllegalArgumentException("only CIDv1 with sha2-256 is accepted");
    }
    Codec codec = switch (bytes[1]) {
      case 0x55 -> Codec.RAW;
      case 0x71 -> Codec.DAG_CBOR;
      default ->
        throw new IllegalArgumentException("only the codecs dag-cbor and raw are accepted");
    };
    byte[] digest = new byte[Bytes32.LENGTH];
    System.arraycopy(bytes, 4, digest, 0, digest.length);
    return new Cid(codec, Bytes32.of(digest));
  }

  /** Reads the base32 text form; throws IllegalArgumentException for everything else. */
  public static Cid parse(String text) {
    if (text.length() != 59 || text.charAt(0) != 'b') {
      throw new IllegalArgumentException("not a base32 CIDv1: \"" + text + "\"");
    }
    byte[] bytes = new byte[LENGTH];
    int buffer = 0;
    int bits = 0;
    int at = 0;
    for (int i = 1; i < text.length(); i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException("not a base32 CIDv1: \"" + text + "\"");
      }
      buffer = buffer << 5 | digit;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (buffer >> bits);
        buffer &= (1 << bits) - 1;
      }
    }
    if (buffer != 0) {
      throw new IllegalArgumentException("not a canonical base32 CIDv1: \"" + text + "\"");
    }
    return ofBytes(bytes);
  }

  /** The 36 bytes, owned by the caller. */
  public byte[] toBytes() {
    byte[] bytes = new byte[LENGTH];
    bytes[0] = 1;
    bytes[1] = (byte) codec.code();
    bytes[2] = 0x12;
    bytes[3] = 0x20;
    System.arraycopy(digest.toArray(), 0, bytes, 4, Bytes32.LENGTH);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cid that && codec == that.codec && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public int compareTo(Cid other) {
    int byCodec = codec.compareTo(other.codec);
    return byCodec != 0 ? byCodec : digest.compareTo(other.digest);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(59).append('b');
    int buffer = 0;
    int bits = 0;
    for (byte next : toBytes()) {
      buffer = buffer << 8 | (next & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(ALPHABET.charAt(buffer >> bits & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    return bits == 0
        ? text.toString()
        : text.append(ALPHABET.charAt(buffer << 5 - bits & 31)).toString();
  }
}
