package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.Codec;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** One device and its entries. */
final class DeviceCodec {
  private static final String[] FIELDS = {"v", "device", "recipient", "entries"};
  private static final String[] ENTRY_FIELDS = {
    "gen", "kind", "spec", "sealed", "public", "notBefore", "notAfter", "status", "serial"
  };

  private DeviceCodec() {}

  static CborMap encode(DeviceEntry device) {
    Map<String, CborValue> entries = new LinkedHashMap<>();
    device.entries().forEach((id, entry) -> entries.put(id.toString(), encode(entry)));
    CborValue id = BlockFields.bytes(device.device().bytes());
    Map<String, CborValue> map =
        new LinkedHashMap<>(); // in dag-cbor's order, so that nothing has to be sorted
    map.put("v", CborValue.of(1));
    map.put("device", id);
    map.put("entries", CborValue.of(entries));
    // schemas/spec/registry.md: a device's id is the hash of its recipient
    map.put("recipient", id);
    return CborValue.of(map);
  }

  static DeviceEntry decode(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(value, "DeviceEntry", FIELDS);
    map.requireInt("v", 1, 1);
    Bytes32 device = map.requireBytes32("device");
    if (!map.requireBytes32("recipient").equals(device)) {
      throw map.fault("recipient", "is not the device's");
    }
    TreeMap<EntryId, EntryRecord> entries = new TreeMap<>();
    for (Map.Entry<String, CborValue> entry :
        map.requireMap("entries").entries().entrySet()) {
      entries.put(
          new EntryId(BlockFields.id(entry.getKey(), "DeviceEntry.entries")),
          decodeEntry(entry.getValue()));
    }
    return new DeviceEntry(new DeviceId(device), entries);
  }

  private static CborMap encode(EntryRecord entry) {
    Map<String, CborValue> map = new LinkedHashMap<>(); // in order likewise
    map.put("gen", CborValue.of(entry.generation()));
    map.put("kind", CborValue.of(entry.kind()));
    map.put("spec", BlockFields.bytes(entry.spec().bytes()));
    map.put("public", entry.publicPart());
    map.put("sealed", BlockFields.linkOrNull(entry.sealed()));
    map.put("serial", CborValue.of(entry.serial()));
    map.put("status", CborValue.of(BlockFields.word(entry.status())));
    map.put("notAfter", BlockFields.seconds(entry.validity().notAfter()));
    map.put("notBefore", BlockFields.seconds(entry.validity().notBefore()));
    return CborValue.of(map);
  }

  private static EntryRecord decodeEntry(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(value, "entry", ENTRY_FIELDS);
    String kind = map.requireText("kind", 63);
    if (!EntryAddress.isKind(kind)) {
      throw map.fault("kind", "not a kind");
    }
    Instant notBefore = map.requireInstant("notBefore");
    Instant notAfter = map.requireInstant("notAfter");
    if (!notBefore.isBefore(notAfter)) {
      throw map.fault("notAfter", "not after notBefore");
    }
    return new EntryRecord(
        map.requireInt("gen", 1, Long.MAX_VALUE),
        kind,
        new SpecHash(map.requireBytes32("spec")),
        map.findLink("sealed", Codec.RAW),
        map.requireByteString("public", RegistryCodec.MAX_PUBLIC),
        new Validity(notBefore, notAfter),
        BlockFields.constant(map, "status", EntryStatus.values()),
        map.requireInt("serial"));
  }
}
