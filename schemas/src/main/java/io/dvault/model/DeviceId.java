package io.dvault.model;

/** A device's id: SHA-256 of its age recipient string (ASCII). DESIGN 2. */
public record DeviceId(Bytes32 bytes) implements Comparable<DeviceId> {
  public static DeviceId ofRecipient(String recipient) {
    return new DeviceId(Bytes32.sha256(recipient));
  }

  /** Reads 64 hex digits, with or without {@code 0x}. */
  public static DeviceId parse(String hex) {
    return new DeviceId(Bytes32.parse(hex));
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
