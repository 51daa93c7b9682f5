package io.dvault.model;

/** The readable address of an entry, {@code Kind/name@device}, for example {@code SshCertificate/sshd-host@drone-7}. */
public record EntryAddress(String kind, String name, String device)
    implements Comparable<EntryAddress> {
  private static final int LONGEST_KIND = 63;

  public EntryAddress {
    if (!isKind(kind)) {
      throw new IllegalArgumentException("not a kind: " + kind);
    }
    Names.require(name);
    Names.require(device);
  }

  /** An upper-case letter, then letters and digits: 1 to 63 of them. */
  public static boolean isKind(String text) {
    boolean kind = !text.isEmpty()
        && text.length() <= LONGEST_KIND
        && text.charAt(0) >= 'A'
        && text.charAt(0) <= 'Z';
    for (int i = 1; kind && i < text.length(); i++) {
      char c = text.charAt(i);
      kind = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
    return kind;
  }

  /** Reads {@code Kind/name@device}; throws IllegalArgumentException for anything else. */
  public static EntryAddress parse(String text) {
    int slash = text.indexOf('/');
    int at = text.lastIndexOf('@');
    if (slash < 0 || at < slash) {
      throw new IllegalArgumentException("expected Kind/name@device, got \"" + text + "\"");
    }
    return new EntryAddress(
        text.substring(0, slash), text.substring(slash + 1, at), text.substring(at + 1));
  }

  /** {@code Kind/name}: the secret, on whichever device. */
  public String secret() {
    return kind + "/" + name;
  }

  @Override
  public boolean equals(Object other) { // the device first: by it most of a fleet's differ
    return other instanceof EntryAddress that
        && device.equals(that.device)
        && name.equals(that.name)
        && kind.equals(that.kind);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kind.hashCode() + name.hashCode()) + device.hashCode();
  }

  @Override
  public int compareTo(EntryAddress other) {
    if (!kind.equals(other.kind)) { // mostly they are: the same String, which equals sees at once
      return kind.compareTo(other.kind);
    }
    return name.equals(other.name) ? device.compareTo(other.device) : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return kind + "/" + name + "@" + device;
  }
}
