package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.AuthorityId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** All authorities and their generations: one block. */
final class AuthorityCodec {
  private static final int MAX_KIND = 32;
  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private AuthorityCodec() {}

  static CborMap encode(SortedMap<AuthorityId, List<AuthorityRecord>> authorities) {
    Map<String, CborValue> map = new LinkedHashMap<>();
    authorities.forEach((id, generations) -> map.put(
        id.toString(),
        CborValue.of(generations.stream().map(AuthorityCodec::encode).toList())));
    return CborValue.of(map);
  }

  static SortedMap<AuthorityId, List<AuthorityRecord>> decode(CborValue value)
      throws MalformedCborException {
    if (!(value instanceof CborMap map)) {
      throw new MalformedCborException("authorities: expected a map");
    }
    TreeMap<AuthorityId, List<AuthorityRecord>> authorities = new TreeMap<>();
    for (Map.Entry<String, CborValue> entry : map.entries().entrySet()) {
      if (!(entry.getValue() instanceof CborList list) || list.items().isEmpty()) {
        throw new MalformedCborException(
            "authorities." + entry.getKey() + ": expected a list that is not empty");
      }
      List<AuthorityRecord> generations = new ArrayList<>();
      for (CborValue item : list.items()) {
        AuthorityRecord next = decodeAuthority(item);
        if (!generations.isEmpty() && generations.getLast().generation() >= next.generation()) {
          throw new MalformedCborException(
              "authorities." + entry.getKey() + ": generations are out of order");
        }
        generations.add(next);
      }
      authorities.put(
          new AuthorityId(BlockFields.id(entry.getKey(), "authorities")), List.copyOf(generations));
    }
    return authorities;
  }

  private static CborMap encode(AuthorityRecord authority) {
    return CborValue.of(Map.of(
        "generation", CborValue.of(authority.generation()),
        "kind", CborValue.of(authority.kind()),
        "publicKey", CborValue.of(authority.publicPart()),
        "status", CborValue.of(BlockFields.word(authority.status())),
        "since", BlockFields.seconds(authority.since())));
  }

  private static AuthorityRecord decodeAuthority(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(
        value, "authority", Set.of("generation", "kind", "publicKey", "status", "since"), Set.of());
    String kind = map.requireText("kind", MAX_KIND);
    if (!KIND.matcher(kind).matches()) {
      throw map.fault("kind", "not a type of authority");
    }
    return new AuthorityRecord(
        map.requireInt("generation", 1, Long.MAX_VALUE),
        kind,
        map.requireBytes("publicKey", RegistryCodec.MAX_PUBLIC),
        BlockFields.constant(map, "status", AuthorityStatus.values()),
        map.requireInstant("since"));
  }
}
