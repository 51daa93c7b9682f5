package io.dvault.workflow;

import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.Quantities;
import io.dvault.plan.Plan;
import io.dvault.registry.AuthorityStatus;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which devices a plan reaches in which wave.
 *
 * @param waves device names, none of them empty
 */
public record WaveCut(Plan plan, List<List<String>> waves) {
  static WaveCut of(Planning planning, RolloutSettings settings) {
    return new WaveCut(planning.plan(), settings.waves().cut(order(planning, settings)));
  }

  /** How it is cut, in one line. */
  public String words() {
    return "In " + Quantities.count(waves.size(), "wave") + ", each a transaction: "
        + String.join(
            ", ", waves.stream().map(wave -> Quantities.number(wave.size())).toList()) + " of "
        + Quantities.count(waves.stream().mapToInt(List::size).sum(), "device") + ".";
  }

  /** Devices trust one key of an authority: between two waves they would refuse each other. */
  void requireOneKeyOfEachAuthority() {
    if (waves.size() < 2) {
      return;
    }
    plan.authorities().stream()
        .filter(change -> change.from().equals(Optional.of(AuthorityStatus.ACTIVE))
            && change.name().isPresent())
        .findFirst()
        .ifPresent(rotated -> {
          throw new DiagnosticException(Diagnostic.error(
              "DV320",
              "a new authority key cannot be rolled out in waves",
              "Authority " + rotated.name().get() + " would sign with another key than generation "
                  + rotated.generation() + ", and devices trust one key of it: between two waves,",
              "devices of the earlier one would refuse those of the later one, and the other way round.",
              "Apply it without --waves, with --wait; other changes can go in waves before or after. "
                  + "Nothing was changed."));
        });
  }

  /** Canaries first, then by name; what is on no declared device last. */
  private static List<String> order(Planning planning, RolloutSettings settings) {
    DesiredState desired = planning.input().desired();
    return byDevice(planning.plan()).keySet().stream()
        .sorted(
            Comparator.comparingInt((String device) -> rank(desired.findDevice(device), settings))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static int rank(Optional<DeviceDeclaration> device, RolloutSettings settings) {
    if (device.isEmpty()) {
      return 2;
    }
    return settings.canaries().stream().anyMatch(device.get()::isChosenBy) ? 0 : 1;
  }

  /** Of the changes that have an address. */
  static Map<String, Set<EntryAddress>> byDevice(Plan plan) {
    Map<String, Set<EntryAddress>> byDevice = new LinkedHashMap<>();
    plan.changes()
        .forEach(change -> change
            .address()
            .ifPresent(address -> byDevice
                .computeIfAbsent(address.device(), name -> new TreeSet<>())
                .add(address)));
    return byDevice;
  }
}
