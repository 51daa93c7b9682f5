package io.dvault.policy;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBool;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborFloat;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborNull;
import io.dvault.cbor.CborValue.CborText;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a kind issues from, in the types of CEL: whatever plugin the kind comes from. */
final class SpecValues {
  private SpecValues() {}

  /** A number that CEL's do not hold becomes text, bytes become hex, nothing becomes {@code ""}. */
  static Object of(CborValue value) {
    return switch (value) {
      case CborText text -> text.value();
      case CborInt number
      when number.value().bitLength() < Long.SIZE -> number.value().longValue();
      case CborInt number -> number.value().toString();
      case CborBool flag -> flag.value();
      case CborFloat number -> number.value();
      case CborList list -> list.items().stream().map(SpecValues::of).toList();
      case CborMap map -> {
        Map<String, Object> values = new LinkedHashMap<>();
        map.entries().forEach((key, each) -> values.put(key, of(each)));
        yield values;
      }
      case CborBytes bytes -> HexFormat.of().formatHex(bytes.value());
      case CborLink link -> link.cid().toString();
      case CborNull none -> "";
    };
  }
}
