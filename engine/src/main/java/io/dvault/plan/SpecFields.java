package io.dvault.plan;

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
import io.dvault.model.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A canonical spec as a reader sees it: names and words, whole. */
final class SpecFields {
  /** What the name of a field starts with that tells the generation of a peer. */
  static final String PEER = "carries ";

  private SpecFields() {}

  /** In an order that only the names make: authority, what the kind says, where it is installed, ttl, peers. */
  static Map<String, String> of(CanonicalSpec canonical) {
    CborMap whole = canonical.fields();
    Map<String, String> fields = new LinkedHashMap<>();
    if (whole.find("authority").orElse(CborValue.NULL) instanceof CborList authority) {
      fields.put(
          "authority",
          text(authority.items().getFirst()) + ", generation "
              + text(authority.items().getLast()));
    }
    add(fields, whole, "spec");
    add(fields, whole, "install");
    whole.find("ttl").ifPresent(ttl -> fields.put("ttl", seconds(ttl)));
    if (whole.find("peers").orElse(CborValue.NULL) instanceof CborList peers) {
      peers.items().forEach(peer -> peer(fields, (CborList) peer));
    }
    return fields;
  }

  private static void peer(Map<String, String> fields, CborList pair) {
    String generation = text(pair.items().getLast());
    fields.put(
        PEER + text(pair.items().getFirst()),
        generation.equals("0") ? "not issued" : "generation " + generation);
  }

  /** What a kind names again, ttl and authority, is told once; a name that both parts have is told with its part. */
  private static void add(Map<String, String> fields, CborMap whole, String part) {
    if (whole.find(part).orElse(CborValue.NULL) instanceof CborMap map) {
      map.entries().forEach((name, value) -> {
        String words =
            name.equals("mode") && value instanceof CborInt mode ? octal(mode) : text(value);
        boolean told = name.equals("ttl")
            || words.isEmpty()
            || words.equals(fields.get(name))
            || name.equals("authority") && fields.containsKey(name);
        if (!told) {
          fields.put(fields.containsKey(name) ? part + "." + name : name, words);
        }
      });
    }
  }

  private static String seconds(CborValue value) {
    return value instanceof CborInt number
        ? Durations.exact(Duration.ofSeconds(number.value().longValue()))
        : text(value);
  }

  /** Permission bits as everybody writes them, {@code 0600}. */
  private static String octal(CborInt mode) {
    return "0" + mode.value().toString(8);
  }

  private static String text(CborValue value) {
    return switch (value) {
      case CborText text -> text.value();
      case CborInt number -> number.value().toString();
      case CborBool bool -> bool.value() ? "yes" : "no";
      case CborList list ->
        list.items().stream().map(SpecFields::text).collect(Collectors.joining(", "));
      case CborMap map ->
        map.entries().entrySet().stream()
            .map(each -> each.getKey() + " " + text(each.getValue()))
            .collect(Collectors.joining(", "));
      case CborBytes bytes ->
        bytes.length() + " bytes, sha256 " + bytes.sha256().abbreviated();
      case CborNull none -> "";
      case CborLink link -> link.cid().toString();
      case CborFloat number -> String.valueOf(number.value());
    };
  }
}
