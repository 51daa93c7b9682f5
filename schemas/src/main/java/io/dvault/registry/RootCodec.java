package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.VaultId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The block that the chain commits to. */
final class RootCodec {

  private RootCodec() {}

  static CborMap encode(VaultRoot root) {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("v", CborValue.of(1));
    map.put("vault", BlockFields.bytes(root.vault().bytes()));
    map.put("epoch", CborValue.of(root.epoch()));
    map.put("prev", BlockFields.linkOrNull(root.prev()));
    map.put("at", BlockFields.seconds(root.at()));
    map.put("commit", CborValue.of(root.commit()));
    map.put("devices", CborValue.of(root.devices()));
    map.put("authorities", CborValue.of(root.authorities()));
    map.put("rules", CborValue.of(root.rules()));
    return CborValue.of(map);
  }

  static VaultRoot decode(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(
        value,
        "VaultRoot",
        "v",
        "vault",
        "epoch",
        "prev",
        "at",
        "commit",
        "devices",
        "authorities",
        "rules");
    map.requireInt("v", 1, 1);
    String commit = map.requireText("commit", GitCommit.LONGEST);
    if (!GitCommit.isValid(commit)) {
      throw map.fault("commit", "expected 40 or 64 hex digits, or nothing");
    }
    long epoch = map.requireInt("epoch", 1, Long.MAX_VALUE);
    Optional<Cid> prev = map.findLink("prev", Codec.DAG_CBOR);
    if (prev.isEmpty() != (epoch == 1)) {
      throw map.fault("prev", "null at epoch 1 and only there");
    }
    return new VaultRoot(
        new VaultId(map.requireBytes32("vault")),
        epoch,
        prev,
        map.requireInstant("at"),
        commit,
        map.requireLink("devices", Codec.DAG_CBOR),
        map.requireLink("authorities", Codec.DAG_CBOR),
        map.requireLink("rules", Codec.DAG_CBOR));
  }
}
