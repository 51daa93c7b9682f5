package io.dvault.registry;

import io.dvault.model.DeviceId;
import java.util.List;

/**
 * One device that two trees do not hold alike.
 *
 * @param presence whether the device itself came, went, or stayed
 * @param entries in ascending order of id; empty for a device that came or went without entries
 */
public record DeviceChange(DeviceId device, Presence presence, List<EntryChange> entries) {
  public enum Presence { ADDED, REMOVED, CHANGED }

  public DeviceChange {
    entries = List.copyOf(entries);
  }
}
