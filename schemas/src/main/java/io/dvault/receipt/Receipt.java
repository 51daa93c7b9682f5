package io.dvault.receipt;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.VaultId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a device holds after a cycle. Names no secret and no address: entries are ids, as in public.
 *
 * @param epoch the epoch that was followed, 0 when none was yet
 * @param root digest of that epoch's root block, zero at epoch 0
 * @param at the device's time, whole seconds
 * @param entries what is installed, in order of id
 * @param failures what could not be done, in order of id; those of the device itself first
 */
public record Receipt(
    VaultId vault,
    DeviceId device,
    long epoch,
    Bytes32 root,
    Instant at,
    List<Held> entries,
    List<Failure> failures) {
  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_CODE = 8;

  /** One installed entry. */
  public record Held(EntryId entry, long generation) {}

  /**
   * One failure.
   *
   * @param entry which entry, or empty when the device itself is at fault
   * @param code a diagnostic's code, {@code DV531}
   */
  public record Failure(Optional<EntryId> entry, String code) {}

  public Receipt {
    entries = List.copyOf(entries);
    failures = List.copyOf(failures);
    if (at.getNano() != 0) {
      throw new IllegalArgumentException("a receipt's time is in whole seconds: " + at);
    }
  }

  public CborMap toCbor() {
    return CborValue.of(Map.of(
        "v", CborValue.of(1),
        "vault", CborValue.of(vault.bytes().toArray()),
        "device", CborValue.of(device.bytes().toArray()),
        "epoch", CborValue.of(epoch),
        "root", CborValue.of(root.toArray()),
        "at", CborValue.of(at.getEpochSecond()),
        "entries", CborValue.of(entries.stream().map(Receipt::held).toList()),
        "failures", CborValue.of(failures.stream().map(Receipt::failure).toList())));
  }

  private static CborMap held(Held held) {
    return CborValue.of(Map.of(
        "entry",
        CborValue.of(held.entry().bytes().toArray()),
        "gen",
        CborValue.of(held.generation())));
  }

  private static CborMap failure(Failure failure) {
    return CborValue.of(Map.of(
        "code", CborValue.of(failure.code()),
        "entry",
            failure
                .entry()
                .<CborValue>map(id -> CborValue.of(id.bytes().toArray()))
                .orElse(CborValue.NULL)));
  }

  public static Receipt ofCbor(CborValue value) throws MalformedCborException {
    MapReader map = MapReader.of(
        value, "Receipt", "v", "vault", "device", "epoch", "root", "at", "entries", "failures");
    map.requireInt("v", 1, 1);
    List<Held> entries = new ArrayList<>();
    for (CborValue item : map.requireList("entries", MAX_ITEMS)) {
      MapReader held = MapReader.of(item, "Receipt.entries", "entry", "gen");
      entries.add(new Held(
          new EntryId(held.requireBytes32("entry")), held.requireInt("gen", 1, Long.MAX_VALUE)));
    }
    List<Failure> failures = new ArrayList<>();
    for (CborValue item : map.requireList("failures", MAX_ITEMS)) {
      MapReader failure = MapReader.of(item, "Receipt.failures", "entry", "code");
      Optional<EntryId> entry = failure.require("entry") instanceof CborValue.CborNull
          ? Optional.empty()
          : Optional.of(new EntryId(failure.requireBytes32("entry")));
      failures.add(new Failure(entry, failure.requireText("code", MAX_CODE)));
    }
    return new Receipt(
        new VaultId(map.requireBytes32("vault")),
        new DeviceId(map.requireBytes32("device")),
        map.requireInt("epoch"),
        map.requireBytes32("root"),
        map.requireInstant("at"),
        entries,
        failures);
  }
}
