package io.dvault.plan;

import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DesiredState;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.spi.SecretKind;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Public keys that stand in the YAML itself ({@code publicKey} of a grant) come back with it, by a revert of git or a
 * copy under another name. This finds those that were taken away: banned in the registry, or revoked by a guardian in
 * just the entry that names them. docs/requirements.md S8. Keys that dVault makes need none of
 * this: a new generation has a new key.
 */
public final class ReturningKeys {
  private final DesiredState desired;
  private final List<HeldEntry> ended;
  private final RegistrySnapshot registry;
  private Map<EntryId, HeldEntry> newest = Map.of();
  private final Function<String, Optional<SecretKind>> kinds;

  /** @param kinds the kind of plugin that makes an entry kind */
  public ReturningKeys(
      DesiredState desired,
      RegistrySnapshot registry,
      Function<String, Optional<SecretKind>> kinds) {
    this.desired = desired;
    this.kinds = kinds;
    this.registry = registry;
    this.ended = registry.all().<HeldEntry>mapMulti(ReturningKeys::ended).toList();
  }

  private static void ended(DeviceEntry device, Consumer<HeldEntry> found) {
    for (Map.Entry<EntryId, EntryRecord> each : device.entries().entrySet()) {
      if (each.getValue().status() != EntryStatus.ACTIVE) {
        found.accept(new HeldEntry(device.device(), each.getKey(), each.getValue(), 0));
      }
    }
  }

  /** Found out when it is asked for: mostly nothing was ever taken away. */
  private Map<EntryId, HeldEntry> newest() {
    if (newest.isEmpty()) {
      Map<EntryId, HeldEntry> found = new HashMap<>();
      registry
          .devices()
          .values()
          .forEach(device -> device
              .entries()
              .forEach((entry, record) -> found.merge(
                  entry,
                  new HeldEntry(device.device(), entry, record, 0),
                  (one, other) ->
                      one.record().generation() < other.record().generation() ? other : one)));
      newest = found;
    }
    return newest;
  }

  /** Revocations that a guardian may have made of what the registry has cleared by now, to be asked of the chain. */
  public Set<RevocationId> asked() {
    if (ended.isEmpty()) {
      return Set.of();
    }
    Set<RevocationId> asked = new HashSet<>();
    for (DesiredEntry entry : desired.entries().values()) {
      newest(entry)
          .filter(each ->
              each.record().status() == EntryStatus.REVOKED && !declared(entry).isEmpty())
          .ifPresent(each -> asked.add(id(each)));
    }
    return asked;
  }

  /** Why, by address: {@code was revoked as compromised}. */
  public Map<EntryAddress, String> find(Set<RevocationId> guardianRevoked) {
    Map<Bytes32, HeldEntry> banned = banned();
    if (banned.isEmpty() && guardianRevoked.isEmpty()) {
      return Map.of();
    }
    Map<EntryAddress, String> found = new HashMap<>();
    for (DesiredEntry entry : desired.entries().values()) {
      Optional<HeldEntry> newest = newest(entry);
      Set<Bytes32> declared = declared(entry);
      boolean named = newest.isPresent() && !Collections.disjoint(declared, keys(newest.get()));
      boolean byGuardian = named && guardianRevoked.contains(id(newest.get()));
      if (named && newest.get().isActive() && !byGuardian) {
        continue; // somebody let it come back on purpose: it is held, and renewed like any other
      }
      if (!Collections.disjoint(declared, banned.keySet())) {
        found.put(entry.address(), "was revoked as compromised");
      } else if (byGuardian) {
        found.put(entry.address(), "was revoked by a guardian");
      }
    }
    return found;
  }

  private Map<Bytes32, HeldEntry> banned() {
    Map<Bytes32, HeldEntry> banned = new HashMap<>();
    ended.stream()
        .filter(each -> each.record().status() == EntryStatus.BANNED)
        .forEach(each -> keys(each).forEach(key -> banned.put(key, each)));
    return banned;
  }

  private Optional<HeldEntry> newest(DesiredEntry entry) {
    return Optional.ofNullable(newest().get(entry.id()));
  }

  private Set<Bytes32> declared(DesiredEntry entry) {
    return kinds
        .apply(entry.address().kind())
        .map(kind -> kind.declaredKeys(entry.template()))
        .orElse(Set.of());
  }

  private Set<Bytes32> keys(HeldEntry each) {
    EntryRecord record = each.record();
    return kinds
        .apply(record.kind())
        .flatMap(kind -> PublicFacts.decrypt(desired.vault().salt(), each.entry(), record)
            .map(facts -> kind.keys(record.kind(), facts.part())))
        .orElse(Set.of());
  }

  private static RevocationId id(HeldEntry each) {
    return RevocationId.of(each.entry(), each.record().generation());
  }
}
