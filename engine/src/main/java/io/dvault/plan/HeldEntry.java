package io.dvault.plan;

import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;

/**
 * A record of the registry with its place.
 *
 * @param number its place in {@link Holdings#all}
 */
record HeldEntry(DeviceId device, EntryId entry, EntryRecord record, int number) {
  boolean isActive() {
    return record.status() == EntryStatus.ACTIVE;
  }
}
