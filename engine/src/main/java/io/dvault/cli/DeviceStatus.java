package io.dvault.cli;

import io.dvault.config.DeviceDeclaration;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.receipt.Receipt;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One device as {@code status} shows it.
 *
 * @param epoch that it told of last
 * @param lastSeen when it did
 * @param entries active ones in the registry that have not ended
 * @param nextExpiry the first end among these
 * @param failures that its last receipt tells of
 */
record DeviceStatus(
    String name, Optional<Long> epoch, Optional<Instant> lastSeen, int entries, Optional<Instant> nextExpiry, int failures) {

  static DeviceStatus of(DeviceDeclaration device, RegistrySnapshot registry, Optional<Receipt> receipt, Instant now) {
    List<EntryRecord> active = Optional.ofNullable(registry.devices().get(device.id())).stream()
        .flatMap(entry -> entry.entries().values().stream())
        .filter(record -> record.status() == EntryStatus.ACTIVE && record.validity().notAfter().isAfter(now))
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
