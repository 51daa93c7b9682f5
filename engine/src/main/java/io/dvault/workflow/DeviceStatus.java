package io.dvault.workflow;

import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.RevocationId;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.receipt.Receipt;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One device as {@code status} shows it.
 *
 * @param epoch that it told of last
 * @param lastSeen when it did
 * @param entries active ones in the registry that neither ended nor were taken away by a guardian
 * @param nextExpiry the first end among these
 * @param failures that its last receipt tells of
 */
public record DeviceStatus(
    String name,
    Optional<Long> epoch,
    Optional<Instant> lastSeen,
    int entries,
    Optional<Instant> nextExpiry,
    int failures) {

  /** @param revoked what guardians took away */
  public static DeviceStatus of(
      DeviceDeclaration device,
      RegistrySnapshot registry,
      Set<RevocationId> revoked,
      Optional<Receipt> receipt,
      Instant now) {
    List<EntryRecord> active = Optional.ofNullable(registry.devices().get(device.id())).stream()
        .flatMap(entry -> entry.entries().entrySet().stream())
        .filter(each ->
            !revoked.contains(RevocationId.of(each.getKey(), each.getValue().generation())))
        .map(Map.Entry::getValue)
        .filter(record -> record.status() == EntryStatus.ACTIVE
            && record.validity().notAfter().isAfter(now))
        .toList();
    return new DeviceStatus(
        device.name(),
        receipt.map(Receipt::epoch),
        receipt.map(Receipt::at),
        active.size(),
        active.stream().map(record -> record.validity().notAfter()).min(Comparator.naturalOrder()),
        receipt.map(r -> r.failures().size()).orElse(0));
  }
}
