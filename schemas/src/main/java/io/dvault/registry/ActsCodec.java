package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The public summary to and from dag-cbor; authority acts are tuples, so that about twenty fit. */
final class ActsCodec {
  private ActsCodec() {}

  static CborMap encode(Acts acts) {
    Map<String, CborValue> keys = new LinkedHashMap<>();
    acts.keys().forEach((kind, counts) -> {
      Map<String, CborValue> words = new LinkedHashMap<>();
      counts.forEach((action, count) -> words.put(BlockFields.word(action), CborValue.of(count)));
      keys.put(kind, CborValue.of(words));
    });
    return CborValue.of(Map.of(
        "v", CborValue.of(1),
        "commit", CborValue.of(acts.commit()),
        "reason", CborValue.of(acts.reason()),
        "authorities",
            CborValue.of(acts.authorities().stream().map(ActsCodec::encode).toList()),
        "keys", CborValue.of(keys)));
  }

  private static CborValue encode(AuthorityAct act) {
    return CborValue.of(List.of(
        BlockFields.bytes(act.authority().bytes()),
        CborValue.of(act.generation()),
        CborValue.of(BlockFields.word(act.action()))));
  }

  static Acts decode(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(value, "acts", "v", "commit", "reason", "authorities", "keys");
    map.requireInt("v", 1, 1);
    List<AuthorityAct> authorities = new ArrayList<>();
    for (CborValue item : map.requireList("authorities", Acts.MAX_LENGTH)) {
      AuthorityAct act = decodeAct(item);
      if (!authorities.isEmpty() && authorities.getLast().compareTo(act) >= 0) {
        throw map.fault("authorities", "not in ascending order");
      }
      authorities.add(act);
    }
    TreeMap<String, Map<KeyAction, Long>> keys = new TreeMap<>();
    for (Map.Entry<String, CborValue> kind : map.requireMap("keys").entries().entrySet()) {
      keys.put(kind.getKey(), decodeCounts(kind.getValue(), "acts.keys." + kind.getKey()));
    }
    try {
      return new Acts(
          map.requireText("commit", GitCommit.LONGEST),
          map.requireText("reason", 32),
          authorities,
          keys);
    } catch (IllegalArgumentException e) {
      throw new MalformedCborException("acts: " + e.getMessage());
    }
  }

  private static Map<KeyAction, Long> decodeCounts(CborValue value, String where)
      throws MalformedCborException {
    MapReader counts =
        MapReader.of(value, where, Set.of(), Set.of("issue", "rotate", "revoke", "remove"));
    EnumMap<KeyAction, Long> decoded = new EnumMap<>(KeyAction.class);
    for (KeyAction action : KeyAction.values()) {
      if (counts.has(BlockFields.word(action))) {
        decoded.put(action, counts.requireInt(BlockFields.word(action), 1, Long.MAX_VALUE));
      }
    }
    return decoded;
  }

  private static AuthorityAct decodeAct(CborValue value) throws MalformedCborException {
    if (value instanceof CborList list
        && list.items().size() == 3
        && list.items().get(0) instanceof CborBytes id
        && id.length() == Bytes32.LENGTH
        && list.items().get(1) instanceof CborInt generation
        && generation.value().signum() > 0
        && generation.value().bitLength() < 64
        && list.items().get(2) instanceof CborText word) {
      AuthorityAction action = BlockFields.constant(word.value(), AuthorityAction.values())
          .orElseThrow(() -> new MalformedCborException(
              "acts.authorities: unknown action \"" + word.value() + "\""));
      return new AuthorityAct(
          new AuthorityId(Bytes32.of(id.value())), generation.value().longValue(), action);
    }
    throw new MalformedCborException("acts.authorities: expected [authority, generation, action]");
  }
}
