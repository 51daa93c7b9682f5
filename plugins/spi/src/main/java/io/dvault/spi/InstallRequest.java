package io.dvault.spi;

import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.EntryAddress;
import io.dvault.model.Validity;

/** An opened, verified entry on its device. */
public record InstallRequest(
    EntryAddress address, long generation, Validity validity, CborMap material, CborMap install) {
  @Override
  public String toString() {
    return "InstallRequest(" + address + " generation " + generation + ", material (sensitive))";
  }
}
