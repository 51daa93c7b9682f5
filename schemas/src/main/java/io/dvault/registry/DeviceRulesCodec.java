package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What devices enforce themselves. */
final class DeviceRulesCodec {
  private static final long MAX_TTL_SECONDS = 100L * 366 * 24 * 3600;

  private DeviceRulesCodec() {}

  static CborMap encode(DeviceRules rules) {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("v", CborValue.of(1));
    if (!rules.longestTtl().isEmpty()) {
      Map<String, CborValue> ttl = new LinkedHashMap<>();
      rules
          .longestTtl()
          .forEach((kind, longest) -> ttl.put(kind, CborValue.of(longest.toSeconds())));
      map.put("ttl", CborValue.of(ttl));
    }
    rules
        .kinds()
        .ifPresent(kinds ->
            map.put("kinds", CborValue.of(kinds.stream().map(CborValue::of).toList())));
    rules
        .keyTypes()
        .ifPresent(types ->
            map.put("keyTypes", CborValue.of(types.stream().map(CborValue::of).toList())));
    rules
        .paths()
        .ifPresent(paths ->
            map.put("paths", CborValue.of(paths.stream().map(CborValue::of).toList())));
    return CborValue.of(map);
  }

  static DeviceRules decode(CborValue value) throws MalformedCborException {
    MapReader map =
        MapReader.of(value, "rules", Set.of("v"), Set.of("ttl", "kinds", "keyTypes", "paths"));
    map.requireInt("v", 1, 1);
    TreeMap<String, Duration> ttl = new TreeMap<>();
    if (map.has("ttl")) {
      CborMap seconds = map.requireMap("ttl");
      MapReader byKind = MapReader.of(seconds, "rules.ttl", seconds.entries().keySet(), Set.of());
      for (String kind : seconds.entries().keySet()) {
        ttl.put(kind, Duration.ofSeconds(byKind.requireInt(kind, 1, MAX_TTL_SECONDS)));
      }
      if (ttl.isEmpty()) {
        throw map.fault("ttl", "empty, so it is left out");
      }
    }
    Optional<SortedSet<String>> kinds = Optional.empty();
    if (map.has("kinds")) {
      kinds = Optional.of(new TreeSet<>(ascending(map, "kinds", 256, 63)));
    }
    Optional<SortedSet<String>> keyTypes = Optional.empty();
    if (map.has("keyTypes")) {
      keyTypes = Optional.of(new TreeSet<>(ascending(map, "keyTypes", 64, 63)));
    }
    Optional<List<String>> paths = Optional.empty();
    if (map.has("paths")) {
      paths = Optional.of(ascending(map, "paths", 1024, 4096));
    }
    return new DeviceRules(ttl, kinds, keyTypes, paths);
  }

  private static List<String> ascending(MapReader map, String key, int maxSize, int maxLength)
      throws MalformedCborException {
    List<String> texts = new ArrayList<>();
    for (CborValue item : map.requireList(key, maxSize)) {
      if (!(item instanceof CborText text) || text.value().length() > maxLength) {
        throw map.fault(key, "expected texts of at most " + maxLength + " characters");
      }
      if (!texts.isEmpty() && texts.getLast().compareTo(text.value()) >= 0) {
        throw map.fault(key, "not in ascending order");
      }
      texts.add(text.value());
    }
    return texts;
  }
}
