package io.dvault.spi;

import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.EntryAddress;
import io.dvault.model.Validity;
import io.dvault.registry.AuthorityRecord;
import java.util.List;

/**
 * An opened, verified entry on its device.
 *
 * @param authorities the authorities of the approved registry, all generations; an installer accepts a signature only
 *     from one of them that is neither revoked nor of another kind
 */
public record InstallRequest(
    EntryAddress address,
    long generation,
    Validity validity,
    CborMap material,
    CborMap install,
    List<AuthorityRecord> authorities) {
  public InstallRequest {
    authorities = List.copyOf(authorities);
  }

  @Override
  public String toString() {
    return "InstallRequest(" + address + " generation " + generation + ", material (sensitive))";
  }
}
