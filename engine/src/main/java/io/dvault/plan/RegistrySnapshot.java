package io.dvault.plan;

import io.dvault.cbor.Cid;
import io.dvault.model.AuthorityId;
import io.dvault.model.DeviceId;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.DeviceRules;
import io.dvault.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The registry at one head, read whole.
 *
 * @param root empty before the first commit
 * @param commit the git commit of the root, or empty
 * @param rules what devices enforce
 */
public record RegistrySnapshot(
    long epoch,
    Optional<Cid> root,
    String commit,
    Map<DeviceId, DeviceEntry> devices,
    Map<AuthorityId, List<AuthorityRecord>> authorities,
    DeviceRules rules) {
  public static final RegistrySnapshot EMPTY =
      new RegistrySnapshot(0, Optional.empty(), "", Map.of(), Map.of(), DeviceRules.NONE);

  /** Reads the whole tree; whatever is missing or malformed throws as {@link Registry} says. */
  public static RegistrySnapshot of(Registry registry) {
    Map.Entry<?, ?>[] devices = registry
        .devices()
        .parallel()
        .map(device -> Map.entry(device.device(), device))
        .toArray(Map.Entry<?, ?>[]::new);
    @SuppressWarnings("unchecked") // as they were made above
    Map<DeviceId, DeviceEntry> byId = Map.ofEntries((Map.Entry<DeviceId, DeviceEntry>[]) devices);
    return new RegistrySnapshot(
        registry.root().epoch(),
        Optional.of(registry.cid()),
        registry.root().commit(),
        byId,
        registry.authorities(),
        registry.rules());
  }

  /** Every device in no order, for all processors. A map's own stream splits badly. */
  public Stream<DeviceEntry> all() {
    return new ArrayList<>(devices.values()).parallelStream();
  }

  public RegistrySnapshot {
    devices = Map.copyOf(devices);
    authorities = Map.copyOf(authorities);
  }
}
