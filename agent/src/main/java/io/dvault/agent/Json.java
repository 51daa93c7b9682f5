package io.dvault.agent;

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
import java.util.stream.Collectors;

/** CBOR values as JSON, for {@code status -json}: no JSON library is loaded into the daemon for that. */
final class Json {
  private Json() {}

  static String of(CborValue value) {
    return switch (value) {
      case CborInt number -> number.value().toString();
      case CborFloat number -> Double.toString(number.value());
      case CborText text -> quoted(text.value());
      case CborBool bool -> Boolean.toString(bool.value());
      case CborNull none -> "null";
      case CborBytes bytes -> quoted(java.util.HexFormat.of().formatHex(bytes.value()));
      case CborLink link -> quoted(link.cid().toString());
      case CborList list -> list.items().stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
      case CborMap map -> map.entries().entrySet().stream()
          .map(entry -> quoted(entry.getKey()) + ":" + of(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    };
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        json.append('\\').append((char) c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", c));
      } else {
        json.append((char) c);
      }
    });
    return json.append('"').toString();
  }
}
