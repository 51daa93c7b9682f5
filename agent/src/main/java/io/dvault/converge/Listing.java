package io.dvault.converge;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.disk.DurableFiles;
import io.dvault.model.Bytes32;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.RegistryCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What one followed root lists for this device, read by a complete path and kept on disk: so that a restart without any
 * gateway knows what is missing, and a head that changed nothing for us costs no fetch.
 *
 * @param root digest of the root
 */
record Listing(Bytes32 root, DeviceEntry device) {

  void write(Path file, DurableFiles files) throws IOException {
    StateFile.write(
        file,
        CborValue.of(Map.of(
            "v", CborValue.of(1),
            "root", CborValue.of(root.toArray()),
            "device", RegistryCodec.encode(device))),
        files);
  }

  /** The kept one; empty when there is none or it is damaged: it is a cache, and is read from the tree again. */
  static Optional<Listing> find(Path file) throws IOException {
    Optional<CborValue> kept = StateFile.find(file);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try {
      MapReader map = MapReader.of(kept.get(), "listing", "v", "root", "device");
      map.requireInt("v", 1, 1);
      return Optional.of(new Listing(
          map.requireBytes32("root"), RegistryCodec.decodeDevice(map.require("device"))));
    } catch (MalformedCborException e) {
      return Optional.empty();
    }
  }
}
