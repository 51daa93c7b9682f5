package io.dvault.plan;

import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.spi.EntryTemplate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registry after a plan, without keys: what {@code apply} makes of it, as far as planning can tell. */
final class Applied {
  private Applied() {}

  static RegistrySnapshot to(RegistrySnapshot before, Plan plan, VaultSalt salt, Instant at) {
    Map<DeviceId, Map<EntryId, EntryRecord>> devices = new HashMap<>();
    before.devices().forEach((id, device) -> devices.put(id, new HashMap<>(device.entries())));
    for (Change change : plan.changes()) {
      switch (change) {
        case Change.Revoke revoke ->
          entries(devices, revoke.device()).put(revoke.entry(), revoked(revoke.old()));
        case Change.Rotate rotate
        when !rotate.from().equals(rotate.device()) ->
          entries(devices, rotate.from()).put(rotate.entry(), revoked(rotate.old()));
        default -> entries(devices, change.device());
      }
    }
    for (Change.Issuing change : plan.issuing()) {
      entries(devices, change.device())
          .put(
              change.entry(),
              new EntryRecord(
                  change.generation(),
                  change.desired().address().kind(),
                  change.spec(),
                  Optional.of(Cid.of(Codec.RAW, new byte[] {1})),
                  facts(salt, change),
                  Validities.of(change.desired().template(), at),
                  EntryStatus.ACTIVE,
                  change.serial()));
    }
    Map<DeviceId, DeviceEntry> next = new HashMap<>();
    devices.forEach((id, entries) -> next.put(id, DeviceEntry.of(id, entries)));
    long epoch = before.epoch() + 1;
    return new RegistrySnapshot(
        epoch,
        Optional.of(new Cid(Codec.DAG_CBOR, Bytes32.sha256("root " + epoch))),
        plan.base().commit(),
        next,
        authorities(before, plan),
        plan.rules().map(DeviceRulesChange::after).orElse(before.rules()));
  }

  private static CborBytes facts(VaultSalt salt, Change.Issuing change) {
    EntryTemplate template = change.desired().template();
    return PublicFacts.of(
            template.address(), template.protect(), change.canonical().encoded(), new byte[80])
        .encrypt(salt, change.entry(), change.generation());
  }

  private static Map<EntryId, EntryRecord> entries(
      Map<DeviceId, Map<EntryId, EntryRecord>> devices, DeviceId device) {
    return devices.computeIfAbsent(device, any -> new HashMap<>());
  }

  private static EntryRecord revoked(EntryRecord old) {
    return new EntryRecord(
        old.generation(),
        old.kind(),
        old.spec(),
        Optional.empty(),
        old.publicPart(),
        old.validity(),
        EntryStatus.REVOKED,
        old.serial());
  }

  private static Map<AuthorityId, List<AuthorityRecord>> authorities(
      RegistrySnapshot before, Plan plan) {
    Map<AuthorityId, List<AuthorityRecord>> next = new HashMap<>(before.authorities());
    for (AuthorityTransition change : plan.authorities()) {
      List<AuthorityRecord> records = new ArrayList<>(next.getOrDefault(change.id(), List.of()));
      records.removeIf(record -> record.generation() == change.generation());
      records.add(new AuthorityRecord(
          change.generation(), change.type(), change.publicPart(), change.to(), plan.at()));
      records.sort(Comparator.comparingLong(AuthorityRecord::generation));
      next.put(change.id(), records);
    }
    return next;
  }
}
