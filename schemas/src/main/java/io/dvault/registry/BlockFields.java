package io.dvault.registry;

import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.Bytes32;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Small values that several blocks write alike. */
final class BlockFields {
  private static final Pattern HEX32 = Pattern.compile("[0-9a-f]{64}");

  private BlockFields() {}

  static Bytes32 id(String hex, String where) throws MalformedCborException {
    if (!HEX32.matcher(hex).matches()) {
      throw new MalformedCborException(where + ": expected an id of 64 lower-case hex digits as key");
    }
    return Bytes32.parse(hex);
  }

  static CborValue bytes(Bytes32 bytes) {
    return CborValue.of(bytes.toArray());
  }

  static CborInt seconds(Instant instant) {
    return (CborInt) CborValue.of(instant.getEpochSecond());
  }

  static CborValue linkOrNull(Optional<Cid> cid) {
    return cid.isPresent() ? CborValue.of(cid.get()) : CborValue.NULL;
  }

  /** An enum constant as the formats write it: lower case. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E constant(MapReader map, String key, E[] constants) throws MalformedCborException {
    String text = map.requireText(key, 16);
    return constant(text, constants).orElseThrow(() -> map.fault(key, "unknown: \"" + text + "\""));
  }

  static <E extends Enum<E>> Optional<E> constant(String word, E[] constants) {
    return Stream.of(constants).filter(constant -> word(constant).equals(word)).findFirst();
  }
}
