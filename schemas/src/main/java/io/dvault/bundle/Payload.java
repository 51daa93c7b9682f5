package io.dvault.bundle;

import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;

/**
 * What a sealed bundle carries to one device: the header that ties it to its place, and the material.
 *
 * @param material kind-specific; holds secrets, so nothing prints it
 * @param install kind-specific; paths, modes, action names, the entry's readable name
 */
public record Payload(
    VaultId vault,
    DeviceId device,
    EntryId entry,
    long generation,
    long epoch,
    Validity validity,
    String kind,
    CborMap material,
    CborMap install) {
  /** Overwrites the material; who opened a payload does so when it is installed, or not wanted. */
  public void wipe() {
    material.wipe();
  }

  @Override
  public String toString() {
    return "Payload(" + kind + " " + entry + " generation " + generation
        + ", material (sensitive))";
  }
}
