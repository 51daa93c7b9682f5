package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.Cid;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.Bytes32;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Small values that several blocks write alike. */
final class BlockFields {
  private BlockFields() {}

  static Bytes32 id(String hex, String where) throws MalformedCborException {
    if (!isId(hex)) {
      throw new MalformedCborException(
          where + ": expected an id of 64 lower-case hex digits as key");
    }
    return Bytes32.parse(hex);
  }

  /** Not by a pattern: every device of a fleet is read and written through here. */
  private static boolean isId(String hex) {
    boolean digits = hex.length() == 2 * Bytes32.LENGTH;
    for (int i = 0; digits && i < hex.length(); i++) {
      char c = hex.charAt(i);
      digits = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
    }
    return digits;
  }

  static CborValue bytes(Bytes32 bytes) {
    return CborValue.of(bytes.toArray());
  }

  static CborInt seconds(Instant instant) {
    return CborValue.of(instant.getEpochSecond());
  }

  static CborValue linkOrNull(Optional<Cid> cid) {
    return cid.isPresent() ? CborValue.of(cid.get()) : CborValue.NULL;
  }

  /** An enum constant as the formats write it: lower case. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E constant(MapReader map, String key, E[] constants)
      throws MalformedCborException {
    String text = map.requireText(key, 16);
    return constant(text, constants).orElseThrow(() -> map.fault(key, "unknown: \"" + text + "\""));
  }

  static <E extends Enum<E>> Optional<E> constant(String word, E[] constants) {
    for (E constant : constants) {
      if (isWord(word, constant.name())) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }

  /** As {@link #word} makes it, without making it: every device of a fleet is read through here. */
  private static boolean isWord(String word, String name) {
    boolean same = word.length() == name.length();
    for (int i = 0; same && i < word.length(); i++) {
      char c = name.charAt(i);
      same = word.charAt(i) == (c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
    }
    return same;
  }
}
