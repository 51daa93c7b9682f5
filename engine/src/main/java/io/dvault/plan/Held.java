package io.dvault.plan;

import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A record of the registry with its place. */
record Held(DeviceId device, EntryId entry, EntryRecord record) {
  private static final Comparator<Held> NEWEST_FIRST =
      Comparator.comparingLong((Held held) -> held.record().generation()).reversed().thenComparing(Held::device);

  boolean isActive() {
    return record.status() == EntryStatus.ACTIVE;
  }

  /**
   * Every record by entry, the newest generation first: an entry that moved to a new identity stands on two devices.
   */
  static Map<EntryId, List<Held>> index(RegistrySnapshot registry) {
    Map<EntryId, List<Held>> index = new HashMap<>();
    for (DeviceEntry device : registry.devices().values()) {
      device.entries().forEach((entry, record) ->
          index.computeIfAbsent(entry, any -> new ArrayList<>(1)).add(new Held(device.device(), entry, record)));
    }
    index.values().stream().filter(list -> list.size() > 1).forEach(list -> list.sort(NEWEST_FIRST));
    return index;
  }
}
