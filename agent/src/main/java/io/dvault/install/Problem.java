package io.dvault.install;

import io.dvault.model.EntryId;
import java.util.Optional;

/**
 * Something that went wrong and does not stop the rest.
 *
 * @param code of {@code docs/diagnostics.md}
 * @param entry whose it is, or empty when it is the device's
 * @param subject an address, account, action or endpoint: what people look for in the log
 * @param why one line, nothing secret
 */
public record Problem(String code, Optional<EntryId> entry, String subject, String why) {
  public static Problem of(String code, String subject, String why) {
    return new Problem(code, Optional.empty(), subject, why);
  }
}
