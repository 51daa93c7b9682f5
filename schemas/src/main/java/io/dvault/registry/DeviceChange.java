package io.dvault.registry;

import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * One device that two trees do not hold alike.
 *
 * @param presence whether the device itself came, went, or stayed
 * @param entries in ascending order of id; empty for a device that came or went without entries
 */
public record DeviceChange(DeviceId device, Presence presence, List<EntryChange> entries) {
  public enum Presence {
    ADDED,
    REMOVED,
    CHANGED
  }

  public DeviceChange {
    entries = List.copyOf(entries);
  }

  /** What became of one device, of which at least one side is there. */
  public static DeviceChange between(Optional<DeviceEntry> was, Optional<DeviceEntry> is) {
    Map<EntryId, EntryRecord> old =
        was.<Map<EntryId, EntryRecord>>map(DeviceEntry::entries).orElseGet(Map::of);
    Map<EntryId, EntryRecord> now =
        is.<Map<EntryId, EntryRecord>>map(DeviceEntry::entries).orElseGet(Map::of);
    TreeSet<EntryId> ids = new TreeSet<>(old.keySet());
    ids.addAll(now.keySet());
    List<EntryChange> changes = new ArrayList<>();
    for (EntryId id : ids) {
      if (!old.containsKey(id)) {
        changes.add(new EntryChange.Added(id, now.get(id)));
      } else if (!now.containsKey(id)) {
        changes.add(new EntryChange.Removed(id, old.get(id)));
      } else if (!old.get(id).equals(now.get(id))) {
        changes.add(new EntryChange.Changed(id, old.get(id), now.get(id)));
      }
    }
    Presence presence =
        was.isEmpty() ? Presence.ADDED : is.isEmpty() ? Presence.REMOVED : Presence.CHANGED;
    return new DeviceChange(is.or(() -> was).orElseThrow().device(), presence, changes);
  }
}
