package io.dvault.config;

import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.spi.EntryTemplate;

/** One entry that the repository wants, with the ids that its names stand for. */
public record DesiredEntry(EntryTemplate template, EntryId id, DeviceId device) {
  public EntryAddress address() {
    return template.address();
  }
}
