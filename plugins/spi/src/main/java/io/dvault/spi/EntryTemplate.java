package io.dvault.spi;

import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.EntryAddress;
import io.dvault.model.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One entry as the repository wants it.
 *
 * @param spec everything that the material depends on, placeholders filled in; its dag-cbor is
 *     hashed, so it must be the
 *     same for the same YAML. Holds no secret
 * @param install what the device's installer reads: paths, modes, action name, account; part of the spec hash too
 * @param ttl how long what is issued lives
 * @param renewBefore how long before its end it is renewed; less than ttl. Zero for {@link Renewal#ONCE}
 * @param authority name of the authority that signs, if one does
 * @param peers entries whose public part this one carries; it is re-issued when one of them is
 * @param protect whether a plan that removes it needs a flag
 */
public record EntryTemplate(
    EntryAddress address,
    CborMap spec,
    CborMap install,
    Duration ttl,
    Duration renewBefore,
    Renewal renewal,
    Optional<String> authority,
    List<EntryAddress> peers,
    boolean protect,
    SourcePosition position) {
  public EntryTemplate {
    peers = List.copyOf(peers);
  }

  /** RENEW: kept alive as long as it is declared. ONCE: ends for good, until its spec changes (grants). */
  public enum Renewal {
    RENEW,
    ONCE
  }
}
