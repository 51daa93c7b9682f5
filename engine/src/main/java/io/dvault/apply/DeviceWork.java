package io.dvault.apply;

import io.dvault.cbor.Cid;
import io.dvault.gateway.NewSubtree;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.BannedEntry;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One device that a plan touches: what it held, what is to be issued for it, and all that it holds afterwards. For one
 * thread at a time.
 */
final class DeviceWork {
  private final DeviceId device;
  private final Optional<DeviceEntry> before;
  private final Map<EntryId, EntryRecord> entries;
  private final List<Change.Issuing> issuing = new ArrayList<>(1);
  private final List<NewSubtree> sealed = new ArrayList<>(1);

  private DeviceWork(DeviceId device, Optional<DeviceEntry> before) {
    this.device = device;
    this.before = before;
    this.entries = before.map(entry -> new HashMap<>(entry.entries())).orElseGet(HashMap::new);
  }

  /** In the order in which the plan comes to the devices; a list, which splits evenly among cores. */
  static List<DeviceWork> of(Plan plan, RegistrySnapshot base) {
    Map<DeviceId, DeviceWork> devices = new LinkedHashMap<>();
    for (Change change : plan.changes()) {
      switch (change) {
        case Change.Issue issue -> at(devices, base, issue.device()).issuing.add(issue);
        case Change.Rotate rotate -> {
          if (!rotate
              .from()
              .equals(rotate.device())) { // on another device the old one stays listed as revoked
            at(devices, base, rotate.from())
                .entries
                .put(rotate.entry(), NextTree.revoked(rotate.old()));
          }
          at(devices, base, rotate.device()).issuing.add(rotate);
        }
        case Change.Revoke revoke ->
          at(devices, base, revoke.device()).entries.put(revoke.entry(), NextTree.after(revoke));
        case Change.Keep keep -> {} // stays as it is
      }
    }
    return List.copyOf(devices.values());
  }

  private static DeviceWork at(
      Map<DeviceId, DeviceWork> devices, RegistrySnapshot base, DeviceId device) {
    return devices.computeIfAbsent(
        device, id -> new DeviceWork(id, Optional.ofNullable(base.devices().get(id))));
  }

  /** Of the changes those that carry others' public parts, or the others. */
  List<Change.Issuing> issuing(boolean withPeers) {
    List<Change.Issuing> some =
        new ArrayList<>(issuing.size()); // no stream: several times for each device of a fleet
    for (Change.Issuing change : issuing) {
      if (change.desired().template().peers().isEmpty() != withPeers) {
        some.add(change);
      }
    }
    return some;
  }

  /** How many changes are to be issued. */
  int issues() {
    return issuing.size();
  }

  /** Takes what was issued; a banned record in its place stays listed beside it. */
  void issued(VaultSalt salt, EntryId entry, EntryRecord record, int sealedLength) {
    BannedEntry.movedAside(salt, entry, entries)
        .ifPresent(old -> entries.put(old.id(), old.record()));
    entries.put(entry, record);
    sealed.add(NewSubtree.leaf(record.sealed().orElseThrow(), sealedLength));
  }

  Optional<DeviceEntry> before() {
    return before;
  }

  /** What it holds once everything was issued. */
  DeviceEntry after() {
    return DeviceEntry.of(device, entries);
  }

  /** Its block with the new bundles below. */
  NewSubtree subtree(Cid cid, int length) {
    long bundles =
        entries.values().stream().filter(record -> record.sealed().isPresent()).count();
    return NewSubtree.of(cid, length, sealed, (int) bundles - sealed.size(), false);
  }

  /**
   * Lets go of what it holds: nothing is to be asked of it any more, while others of a large fleet
   * are still issued.
   */
  void release() {
    entries.clear();
    sealed.clear();
  }
}
