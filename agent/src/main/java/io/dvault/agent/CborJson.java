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
import io.dvault.json.Json;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** CBOR values as JSON, for {@code status -json}. */
final class CborJson {
  private CborJson() {}

  /** Takes what a status holds: no fractions, no number over 63 bits. */
  static Json of(CborValue value) {
    return switch (value) {
      case CborInt number -> new Json.Whole(number.value().longValueExact());
      case CborFloat number -> throw new IllegalArgumentException("a fraction: " + number.value());
      case CborText text -> new Json.Text(text.value());
      case CborBool bool -> new Json.Bool(bool.value());
      case CborNull none -> new Json.Nothing();
      case CborBytes bytes -> new Json.Text(HexFormat.of().formatHex(bytes.value()));
      case CborLink link -> new Json.Text(link.cid().toString());
      case CborList list -> new Json.Arr(list.items().stream().map(CborJson::of).toList());
      case CborMap map -> {
        Map<String, Json> fields = new LinkedHashMap<>();
        map.entries().forEach((name, field) -> fields.put(name, of(field)));
        yield new Json.Obj(fields);
      }
    };
  }
}
