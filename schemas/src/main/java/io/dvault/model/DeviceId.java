package io.dvault.model;

/** A device's id: SHA-256 of its age recipient string (ASCII). schemas/spec/registry.md. */
public record DeviceId(Bytes32 bytes) implements Comparable<DeviceId> {
  public static DeviceId ofRecipient(String recipient) {
    return new DeviceId(Bytes32.sha256(recipient));
  }

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static DeviceId parse(String hex) {
    return new DeviceId(Bytes32.parse(hex));
  }

  @Override
  public boolean equals(
      Object other) { // written out, as hashCode is: what records are given is slow to start with
    return other instanceof DeviceId that && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public int compareTo(DeviceId other) {
    return bytes.compareTo(other.bytes);
  }

  @Override
  public String toString() {
    return bytes.hex();
  }
}
