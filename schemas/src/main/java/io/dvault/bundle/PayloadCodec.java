package io.dvault.bundle;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A payload as dag-cbor, padded to a size class, so that a sealed bundle's length tells its class and no more. */
final class PayloadCodec {
  private static final int VERSION = 1;
  private static final int SMALLEST = 1 << 10;
  private static final int LARGEST = 1 << 19;
  private static final int MAX_KIND = 63;
  private static final String[] FIELDS = {
    "v",
    "vault",
    "device",
    "entry",
    "gen",
    "epoch",
    "notBefore",
    "notAfter",
    "kind",
    "material",
    "install",
    "pad"
  };

  private PayloadCodec() {}

  /** The padded plaintext, owned (and to be wiped) by the caller. Refuses what {@link #decode} would not read. */
  static byte[] encode(Payload payload) {
    if (payload.generation() < 1 || payload.epoch() < 1 || payload.kind().length() > MAX_KIND) {
      throw new IllegalArgumentException("not a payload that a device would take: " + payload);
    }
    Map<String, CborValue> fields = fields(payload);
    int bare = DagCbor.length(CborValue.of(fields));
    for (int size = SMALLEST; size <= LARGEST; size *= 2) {
      int pad = padding(size - bare);
      if (pad >= 0) {
        fields.put("pad", CborValue.of(new byte[pad])); // where it was
        return DagCbor.encode(CborValue.of(fields));
      }
    }
    throw new IllegalArgumentException("a payload has at most " + LARGEST + " bytes, not " + bare);
  }

  /**
   * How many bytes of padding lengthen the encoding by {@code missing}, since the length in front of them grows too; -1
   * when no number does (24 and 257 cannot be met): then the next class it is.
   */
  private static int padding(int missing) {
    int[] heads = {0, 1, 2, 4
    }; // bytes beyond the first of a CBOR head, for lengths below 24, 2^8, 2^16, 2^32
    int[] limits = {24, 1 << 8, 1 << 16, Integer.MAX_VALUE};
    for (int i = 0; i < heads.length; i++) {
      int pad = missing - heads[i];
      if (pad >= (i == 0 ? 0 : limits[i - 1]) && pad < limits[i]) {
        return pad;
      }
    }
    return -1;
  }

  /** Without padding; in dag-cbor's order, so that nothing has to be sorted. */
  private static Map<String, CborValue> fields(Payload payload) {
    Map<String, CborValue> fields = new LinkedHashMap<>();
    fields.put("v", CborValue.of(VERSION));
    fields.put("gen", CborValue.of(payload.generation()));
    fields.put("pad", CborValue.of(new byte[0]));
    fields.put("kind", CborValue.of(payload.kind()));
    fields.put("entry", CborValue.of(payload.entry().bytes().toArray()));
    fields.put("epoch", CborValue.of(payload.epoch()));
    fields.put("vault", CborValue.of(payload.vault().bytes().toArray()));
    fields.put("device", CborValue.of(payload.device().bytes().toArray()));
    fields.put("install", payload.install());
    fields.put("material", payload.material());
    fields.put("notAfter", CborValue.of(payload.validity().notAfter().getEpochSecond()));
    fields.put("notBefore", CborValue.of(payload.validity().notBefore().getEpochSecond()));
    return fields;
  }

  /** Reads what {@link #encode} wrote; anything else, padding included, is malformed. */
  static Payload decode(byte[] plaintext) throws MalformedPayloadException {
    if (Integer.bitCount(plaintext.length) != 1
        || plaintext.length < SMALLEST
        || plaintext.length > LARGEST) {
      throw new MalformedPayloadException(
          "payload of " + plaintext.length + " bytes is not padded to a size class");
    }
    try {
      return decode(DagCbor.decode(plaintext));
    } catch (MalformedCborException e) {
      throw new MalformedPayloadException(e.getMessage());
    }
  }

  /** Wipes what it does not return as a payload. */
  static Payload decode(CborValue value) throws MalformedPayloadException {
    try {
      return read(value);
    } catch (MalformedCborException e) {
      value.wipe();
      throw new MalformedPayloadException(e.getMessage());
    } catch (MalformedPayloadException e) {
      value.wipe();
      throw e;
    }
  }

  private static Payload read(CborValue value)
      throws MalformedCborException, MalformedPayloadException {
    MapReader reader = MapReader.of(value, "payload", FIELDS);
    reader.requireInt("v", VERSION, VERSION);
    for (byte b : reader.requireBytes("pad", LARGEST)) {
      if (b != 0) {
        throw new MalformedPayloadException("payload.pad: not zero");
      }
    }
    return new Payload(
        new VaultId(reader.requireBytes32("vault")),
        new DeviceId(reader.requireBytes32("device")),
        new EntryId(reader.requireBytes32("entry")),
        reader.requireInt("gen", 1, Long.MAX_VALUE),
        reader.requireInt("epoch", 1, Long.MAX_VALUE),
        validity(reader.requireInstant("notBefore"), reader.requireInstant("notAfter")),
        reader.requireText("kind", MAX_KIND),
        reader.requireMap("material"),
        reader.requireMap("install"));
  }

  private static Validity validity(Instant notBefore, Instant notAfter)
      throws MalformedPayloadException {
    if (!notBefore.isBefore(notAfter)) {
      throw new MalformedPayloadException("payload.notAfter: before notBefore");
    }
    return new Validity(notBefore, notAfter);
  }
}
