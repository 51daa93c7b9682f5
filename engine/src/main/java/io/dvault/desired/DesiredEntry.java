package io.dvault.desired;

import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.spi.EntryTemplate;
import java.util.List;
import java.util.Optional;

/**
 * One entry that the repository wants, with the ids that its names stand for.
 *
 * @param id that of the address, or of its first address when the secret was renamed
 * @param former what the same declaration made under its former names, the newest first; usually empty
 * @param chosen which of the declaration's selections its device came by
 */
public record DesiredEntry(
    EntryTemplate template,
    EntryId id,
    DeviceId device,
    List<EntryTemplate> former,
    Optional<Selection> chosen) {
  public DesiredEntry {
    former = List.copyOf(former);
  }

  public EntryAddress address() {
    return template.address();
  }
}
