package io.dvault.install;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborNull;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.install.InstalledEntry.HeldFile;
import io.dvault.install.Manifest.EndedKey;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import io.dvault.spi.Installation.AtEnd;
import io.dvault.spi.Installation.AuthorizedKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A manifest as dag-cbor: the file {@code manifest} of a generation. */
final class ManifestCodec {
  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_TEXT = 8192;

  private ManifestCodec() {}

  static byte[] encode(Manifest manifest) {
    return DagCbor.encode(CborValue.of(Map.of(
        "v", CborValue.of(1),
        "number", CborValue.of(manifest.number()),
        "entries",
            CborValue.of(
                manifest.entries().values().stream().map(ManifestCodec::held).toList()),
        "ended",
            CborValue.of(manifest.ended().stream().map(ManifestCodec::ended).toList()))));
  }

  static Manifest decode(byte[] file) throws MalformedCborException {
    try {
      MapReader map =
          MapReader.of(DagCbor.decode(file), "manifest", "v", "number", "entries", "ended");
      map.requireInt("v", 1, 1);
      TreeMap<EntryId, InstalledEntry> entries = new TreeMap<>();
      for (CborValue item : map.requireList("entries", MAX_ITEMS)) {
        InstalledEntry held = readHeld(item);
        entries.put(held.entry(), held);
      }
      List<EndedKey> ended = new ArrayList<>();
      for (CborValue item : map.requireList("ended", MAX_ITEMS)) {
        MapReader key = MapReader.of(item, "manifest.ended", "account", "key", "at");
        ended.add(new EndedKey(
            key.requireText("account", MAX_TEXT),
            key.requireText("key", MAX_TEXT),
            key.requireInstant("at")));
      }
      return new Manifest(map.requireInt("number", 1, Long.MAX_VALUE), entries, ended);
    } catch (IllegalArgumentException e) { // a rule of model's types
      throw new MalformedCborException(e.getMessage());
    }
  }

  private static CborMap held(InstalledEntry held) {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("entry", CborValue.of(held.entry().bytes().toArray()));
    map.put("gen", CborValue.of(held.generation()));
    map.put("address", CborValue.of(held.address().toString()));
    map.put("notBefore", CborValue.of(held.validity().notBefore().getEpochSecond()));
    map.put("notAfter", CborValue.of(held.validity().notAfter().getEpochSecond()));
    map.put("atEnd", CborValue.of(held.atEnd().name()));
    map.put("action", optional(held.action()));
    map.put("files", CborValue.of(held.files().stream().map(ManifestCodec::file).toList()));
    map.put("keys", CborValue.of(held.keys().stream().map(ManifestCodec::key).toList()));
    return CborValue.of(map);
  }

  private static InstalledEntry readHeld(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(
        value,
        "manifest.entries",
        "entry",
        "gen",
        "address",
        "notBefore",
        "notAfter",
        "atEnd",
        "action",
        "files",
        "keys");
    List<HeldFile> files = new ArrayList<>();
    for (CborValue item : map.requireList("files", MAX_ITEMS)) {
      MapReader file = MapReader.of(item, "manifest.files", "path", "mode", "owner", "hash");
      files.add(new HeldFile(
          file.requireText("path", MAX_TEXT),
          (int) file.requireInt("mode", 0, 0777),
          optional(file, "owner"),
          file.requireBytes32("hash")));
    }
    List<AuthorizedKey> keys = new ArrayList<>();
    for (CborValue item : map.requireList("keys", MAX_ITEMS)) {
      MapReader key =
          MapReader.of(item, "manifest.keys", "account", "options", "key", "comment", "notAfter");
      keys.add(new AuthorizedKey(
          key.requireText("account", MAX_TEXT),
          key.requireText("options", MAX_TEXT),
          key.requireText("key", MAX_TEXT),
          key.requireText("comment", MAX_TEXT),
          optionalInstant(key, "notAfter")));
    }
    Validity validity =
        new Validity(map.requireInstant("notBefore"), map.requireInstant("notAfter"));
    return new InstalledEntry(
        new EntryId(map.requireBytes32("entry")),
        map.requireInt("gen", 1, Long.MAX_VALUE),
        EntryAddress.parse(map.requireText("address", MAX_TEXT)),
        validity,
        AtEnd.valueOf(map.requireText("atEnd", MAX_TEXT)),
        optional(map, "action"),
        files,
        keys);
  }

  private static CborMap file(HeldFile file) {
    return CborValue.of(Map.of(
        "path", CborValue.of(file.path()),
        "mode", CborValue.of(file.mode()),
        "owner", optional(file.owner()),
        "hash", CborValue.of(file.hash().toArray())));
  }

  private static CborMap key(AuthorizedKey key) {
    return CborValue.of(Map.of(
        "account", CborValue.of(key.account()),
        "options", CborValue.of(key.options()),
        "key", CborValue.of(key.key()),
        "comment", CborValue.of(key.comment()),
        "notAfter",
            key.notAfter()
                .<CborValue>map(at -> CborValue.of(at.getEpochSecond()))
                .orElse(CborValue.NULL)));
  }

  private static CborMap ended(EndedKey key) {
    return CborValue.of(Map.of(
        "account", CborValue.of(key.account()),
        "key", CborValue.of(key.key()),
        "at", CborValue.of(key.at().getEpochSecond())));
  }

  private static CborValue optional(Optional<String> text) {
    return text.<CborValue>map(CborValue::of).orElse(CborValue.NULL);
  }

  private static Optional<Instant> optionalInstant(MapReader map, String key)
      throws MalformedCborException {
    return map.require(key) instanceof CborNull
        ? Optional.empty()
        : Optional.of(map.requireInstant(key));
  }

  private static Optional<String> optional(MapReader map, String key)
      throws MalformedCborException {
    return switch (map.require(key)) {
      case CborNull none -> Optional.empty();
      case CborText text -> Optional.of(text.value());
      default -> throw map.fault(key, "expected text or null");
    };
  }
}
