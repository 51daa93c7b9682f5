package io.dvault.registry;

import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that one device holds, in one block. */
public record DeviceEntry(DeviceId device, SortedMap<EntryId, EntryRecord> entries) {
  public DeviceEntry {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  public static DeviceEntry of(DeviceId device, Map<EntryId, EntryRecord> entries) {
    return new DeviceEntry(device, new TreeMap<>(entries));
  }
}
