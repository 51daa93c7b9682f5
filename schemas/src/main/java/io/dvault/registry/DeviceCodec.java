package io.dvault.registry;

import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.Codec;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** One device and its entries. */
final class DeviceCodec {
  private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]{0,62}");

  private DeviceCodec() {}

  static CborMap encode(DeviceEntry device) {
    Map<String, CborValue> entries = new LinkedHashMap<>();
    device.entries().forEach((id, entry) -> entries.put(id.toString(), encode(entry)));
    return CborValue.of(Map.of(
        "v", CborValue.of(1),
        "device", BlockFields.bytes(device.device().bytes()),
        "recipient", BlockFields.bytes(device.device().bytes()), // DESIGN 2: a device's id is the hash of its recipient
        "entries", CborValue.of(entries)));
  }

  static DeviceEntry decode(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(value, "DeviceEntry", "v", "device", "recipient", "entries");
    map.requireInt("v", 1, 1);
    Bytes32 device = map.requireBytes32("device");
    if (!map.requireBytes32("recipient").equals(device)) {
      throw map.fault("recipient", "is not the device's");
    }
    TreeMap<EntryId, EntryRecord> entries = new TreeMap<>();
    for (Map.Entry<String, CborValue> entry : map.requireMap("entries").entries().entrySet()) {
      entries.put(new EntryId(BlockFields.id(entry.getKey(), "DeviceEntry.entries")), decodeEntry(entry.getValue()));
    }
    return new DeviceEntry(new DeviceId(device), entries);
  }

  private static CborMap encode(EntryRecord entry) {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("gen", CborValue.of(entry.generation()));
    map.put("kind", CborValue.of(entry.kind()));
    map.put("spec", BlockFields.bytes(entry.spec().bytes()));
    map.put("sealed", BlockFields.linkOrNull(entry.sealed()));
    map.put("public", CborValue.of(entry.publicPart()));
    map.put("notBefore", BlockFields.seconds(entry.validity().notBefore()));
    map.put("notAfter", BlockFields.seconds(entry.validity().notAfter()));
    map.put("status", CborValue.of(BlockFields.word(entry.status())));
    map.put("serial", CborValue.of(entry.serial()));
    return CborValue.of(map);
  }

  private static EntryRecord decodeEntry(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(
        value, "entry", "gen", "kind", "spec", "sealed", "public", "notBefore", "notAfter", "status", "serial");
    String kind = map.requireText("kind", 63);
    if (!KIND.matcher(kind).matches()) {
      throw map.fault("kind", "not a kind");
    }
    Instant notBefore = map.requireInstant("notBefore");
    Instant notAfter = map.requireInstant("notAfter");
    if (!notBefore.isBefore(notAfter)) {
      throw map.fault("notAfter", "not after notBefore");
    }
    return new EntryRecord(
        map.requireInt("gen", 1, Long.MAX_VALUE), kind, new SpecHash(map.requireBytes32("spec")),
        map.findLink("sealed", Codec.RAW), map.requireBytes("public", RegistryCodec.MAX_PUBLIC),
        new Validity(notBefore, notAfter), BlockFields.constant(map, "status", EntryStatus.values()),
        map.requireInt("serial"));
  }
}
