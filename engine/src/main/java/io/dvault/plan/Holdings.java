package io.dvault.plan;

import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import io.dvault.plan.PlanInput.Former;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.PublicFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the registry holds, by entry: nearly always one record, two or more after a device got a new identity. */
final class Holdings {
  private static final Comparator<HeldEntry> NEWEST_FIRST = Comparator.comparingLong(
          (HeldEntry held) -> held.record().generation())
      .reversed()
      .thenComparing(HeldEntry::device);

  private final VaultSalt salt;
  private final Map<EntryId, Former> formerly;
  private final List<HeldEntry> all;
  private final Map<EntryId, HeldEntry> newest;
  private final Map<EntryId, List<HeldEntry>> several = new HashMap<>();

  Holdings(PlanInput input) {
    this.salt = input.desired().vault().salt();
    this.formerly = input.formerly();
    int usual = input.registry().devices().size();
    this.all = new ArrayList<>(usual);
    this.newest = HashMap.newHashMap(usual);
    for (DeviceEntry device : input.registry().devices().values()) {
      for (Map.Entry<EntryId, EntryRecord> each : device.entries().entrySet()) {
        add(new HeldEntry(device.device(), each.getKey(), each.getValue(), all.size()));
      }
    }
    several.forEach((entry, list) -> {
      list.sort(NEWEST_FIRST);
      newest.put(entry, list.getFirst());
    });
  }

  private void add(HeldEntry held) {
    all.add(held);
    HeldEntry other = newest.putIfAbsent(held.entry(), held);
    if (other != null) {
      several
          .computeIfAbsent(held.entry(), any -> new ArrayList<>(List.of(other)))
          .add(held);
    }
  }

  List<HeldEntry> all() {
    return all;
  }

  /** The record of the highest generation, wherever it stands. */
  Optional<HeldEntry> findNewest(EntryId entry) {
    return Optional.ofNullable(newest.get(entry));
  }

  /** The newest generation that is active, 0 when there is none. */
  long activeGeneration(EntryId entry) {
    return several.getOrDefault(entry, findNewest(entry).stream().toList()).stream()
        .filter(HeldEntry::isActive)
        .mapToLong(each -> each.record().generation())
        .max()
        .orElse(0);
  }

  Optional<PublicFacts> facts(HeldEntry held) {
    return facts(held.entry(), held.record());
  }

  Optional<PublicFacts> facts(EntryId entry, EntryRecord record) {
    return PublicFacts.decrypt(salt, entry, record);
  }

  /**
   * Name and protection of what may be declared no longer: as the registry remembers them, or the repository of then.
   * Either is enough to protect.
   */
  Optional<Former> findFormer(HeldEntry held) {
    Optional<Former> told = Optional.ofNullable(formerly.get(held.entry()));
    boolean protect = told.filter(Former::protect).isPresent();
    return facts(held)
        .flatMap(facts ->
            facts.address().map(address -> new Former(address, facts.protect() || protect)))
        .or(() -> told);
  }
}
