package io.dvault.plugin.ssh;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What sshd takes in {@code source-address} and {@code from=}: an IP address, or a CIDR block.
 * OpenSSH matches no block whose
 * address has bits beyond its length, and a certificate with one lets nobody in at all (addr.c, addr_host_is_all0s).
 */
final class AddressBlock {
  private static final Pattern V4 =
      Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]{1,44}");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,2}");

  private AddressBlock() {}

  /** Why {@code text} is none, with the way out; empty when it is one. */
  static Optional<String> fault(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    Optional<byte[]> address = parse(literal);
    if (address.isEmpty()) {
      return Optional.of("\"" + text + "\": write an IP address or a CIDR block, 10.0.0.0/8.");
    }
    int most = address.get().length * Byte.SIZE;
    if (slash < 0) {
      return Optional.empty();
    }
    String length = text.substring(slash + 1);
    if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > most) {
      return Optional.of("\"" + text
          + "\": after the slash comes the number of bits that count, 0 to " + most + ".");
    }
    byte[] first = first(address.get(), Integer.parseInt(length));
    return Arrays.equals(first, address.get())
        ? Optional.empty()
        : Optional.of("\"" + text + "\": sshd matches nobody by it, since bits beyond the first "
            + length + " are set. The block is " + words(first) + "/" + length + ".");
  }

  /** Never asks DNS: both patterns leave nothing that could be a name. */
  private static Optional<byte[]> parse(String literal) {
    if (!V4.matcher(literal).matches() && !V6.matcher(literal).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(literal).getAddress());
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static byte[] first(byte[] address, int bits) {
    byte[] first = address.clone();
    for (int i = 0; i < first.length; i++) {
      int kept = Math.clamp((long) bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
      first[i] &= (byte) (0xff << (Byte.SIZE - kept));
    }
    return first;
  }

  private static String words(byte[] address) {
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }
}
