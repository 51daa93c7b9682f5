package io.dvault.model;

import java.util.Comparator;
import java.util.regex.Pattern;

/** The readable address of an entry, {@code Kind/name@device}, for example {@code SshCertificate/sshd-host@drone-7}. */
public record EntryAddress(String kind, String name, String device) implements Comparable<EntryAddress> {
  private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}");
  private static final Comparator<EntryAddress> ORDER =
      Comparator.comparing(EntryAddress::kind).thenComparing(EntryAddress::name).thenComparing(EntryAddress::device);

  public EntryAddress {
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException("not a kind: " + kind);
    }
    Names.require(name);
    Names.require(device);
  }

  /** Reads {@code Kind/name@device}; throws IllegalArgumentException for anything else. */
  public static EntryAddress parse(String text) {
    int slash = text.indexOf('/');
    int at = text.lastIndexOf('@');
    if (slash < 0 || at < slash) {
      throw new IllegalArgumentException("expected Kind/name@device, got \"" + text + "\"");
    }
    return new EntryAddress(text.substring(0, slash), text.substring(slash + 1, at), text.substring(at + 1));
  }

  /** {@code Kind/name}: the secret, on whichever device. */
  public String secret() {
    return kind + "/" + name;
  }

  @Override
  public int compareTo(EntryAddress other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kind + "/" + name + "@" + device;
  }
}
