package io.dvault.plan;

import io.dvault.config.DesiredState;
import io.dvault.config.DeviceDeclaration;
import io.dvault.model.DeviceId;
import io.dvault.plan.Change.Issuing;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an apply costs, out of measured averages. DESIGN 11; FEATURES P8. */
final class Estimates {
  private static final long COMMIT_GAS = 56_000;
  private static final long APPROVAL_GAS = 11_000;
  private static final long HYBRID_BUNDLE = 3_400;
  private static final long CLASSIC_BUNDLE = 1_300;
  private static final long DEVICE_BLOCK = 450;
  private static final long TREE_NODE = 1_500;
  private static final int FIRST_LEVEL = 256;

  private Estimates() {}

  /** @param more whether authorities, rules or the head change too */
  static Estimate of(List<Change> changes, boolean more, DesiredState desired, int threshold) {
    boolean nothing = !more && changes.stream().allMatch(Estimates::rides);
    if (nothing) {
      return new Estimate(0, 0, 0, 0);
    }
    long bytes = TREE_NODE;
    int bundles = 0;
    Set<DeviceId> devices = new HashSet<>();
    for (Change change : changes) {
      devices.add(change.device());
      if (change instanceof Issuing issuing) {
        bundles++;
        bytes += desired.findDevice(issuing.desired().address().device()).filter(DeviceDeclaration::classic).isPresent()
            ? CLASSIC_BUNDLE
            : HYBRID_BUNDLE;
      }
    }
    bytes += devices.size() * DEVICE_BLOCK + (long) Math.min(devices.size(), FIRST_LEVEL) * TREE_NODE;
    return new Estimate(1, COMMIT_GAS + APPROVAL_GAS * Math.max(0, threshold - 1), bundles, bytes);
  }

  private static boolean rides(Change change) {
    return change instanceof Change.Revoke revoke && revoke.housekeeping();
  }
}
