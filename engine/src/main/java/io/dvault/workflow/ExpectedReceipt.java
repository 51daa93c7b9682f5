package io.dvault.workflow;

import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.DeviceId;
import io.dvault.model.Durations;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.Quantities;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.receipt.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A device that a commit changed, and what its receipt has to say before the commit counts as
 * arrived (docs/requirements.md S6).
 *
 * @param epoch of the commit
 * @param hold what it is to hold, with its generation
 * @param gone what it is not to hold any more
 */
record ExpectedReceipt(
    DeviceDeclaration device, long epoch, Map<EntryId, Wanted> hold, Set<EntryId> gone) {
  /** Blocks that could not be had yet: the device tries again by itself. */
  private static final String NO_BLOCK = "DV530";

  /** @param ends from then on it need not be held any more */
  record Wanted(EntryAddress address, long generation, Instant ends) {}

  /** What a device said, or did not. */
  sealed interface Report {
    record Done() implements Report {}

    /** It has the commit and says that something of it did not work. */
    record Failed(List<String> what) implements Report {}

    /** Nothing yet that would settle it. */
    record Missing(String words) implements Report {}
  }

  ExpectedReceipt {
    hold = Map.copyOf(hold);
    gone = Set.copyOf(gone);
  }

  /**
   * The declared devices that {@code plan} touches, by name. Those that are not declared any more
   * are sent nothing to report.
   *
   * @param at when the commit was made up
   */
  static List<ExpectedReceipt> of(Plan plan, DesiredState desired, long epoch, Instant at) {
    Map<DeviceId, Map<EntryId, Wanted>> hold = new HashMap<>();
    Map<DeviceId, Set<EntryId>> gone = new HashMap<>();
    for (Change change : plan.changes()) {
      switch (change) {
        case Change.Issuing issuing -> {
          hold.computeIfAbsent(issuing.device(), id -> new HashMap<>())
              .put(
                  issuing.entry(),
                  new Wanted(
                      issuing.desired().address(),
                      issuing.generation(),
                      at.plus(issuing.desired().template().ttl())));
          if (issuing instanceof Change.Rotate rotate && !rotate.from().equals(rotate.device())) {
            gone.computeIfAbsent(rotate.from(), id -> new HashSet<>()).add(rotate.entry());
          }
        }
        case Change.Revoke revoke ->
          gone.computeIfAbsent(revoke.device(), id -> new HashSet<>()).add(revoke.entry());
        case Change.Keep keep -> {} // nothing to be seen
      }
    }
    Map<String, ExpectedReceipt> awaited = new TreeMap<>();
    for (DeviceDeclaration device : desired.devices().values()) {
      if (hold.containsKey(device.id()) || gone.containsKey(device.id())) {
        awaited.put(
            device.name(),
            new ExpectedReceipt(
                device,
                epoch,
                hold.getOrDefault(device.id(), Map.of()),
                gone.getOrDefault(device.id(), Set.of())));
      }
    }
    return List.copyOf(awaited.values());
  }

  Report judge(Optional<Receipt> said, Instant now) {
    if (said.isEmpty()) {
      return new Report.Missing("never seen");
    }
    Receipt receipt = said.get();
    if (receipt.epoch() < epoch) {
      return new Report.Missing("last seen " + ago(receipt, now) + ", at epoch " + receipt.epoch());
    }
    List<String> failed = new ArrayList<>();
    for (Receipt.Failure failure : receipt.failures()) {
      failure
          .entry()
          .filter(hold::containsKey)
          .filter(entry -> !failure.code().equals(NO_BLOCK))
          .ifPresent(
              entry -> failed.add(hold.get(entry).address().secret() + ": " + failure.code()));
    }
    if (!failed.isEmpty()) {
      return new Report.Failed(failed);
    }
    List<String> lacking = lacking(receipt);
    if (lacking.isEmpty()) {
      return new Report.Done();
    }
    String codes = String.join(
        ", ",
        receipt.failures().stream()
            .map(Receipt.Failure::code)
            .distinct()
            .sorted()
            .toList());
    return new Report.Missing("at epoch " + receipt.epoch() + " " + ago(receipt, now) + ", "
        + String.join(", ", lacking) + (codes.isEmpty() ? "" : " (" + codes + ")"));
  }

  private List<String> lacking(Receipt receipt) {
    Map<EntryId, Long> held = new HashMap<>();
    receipt.entries().forEach(each -> held.put(each.entry(), each.generation()));
    List<String> lacking = new ArrayList<>();
    hold.forEach((entry, wanted) -> {
      if (held.getOrDefault(entry, 0L) < wanted.generation()
          && receipt.at().isBefore(wanted.ends())) {
        lacking.add("without " + wanted.address().secret());
      }
    });
    long kept = gone.stream().filter(held::containsKey).count();
    if (kept > 0) {
      lacking.add(
          kept == 1
              ? "with a revoked entry"
              : "with " + Quantities.number(kept) + " revoked entries");
    }
    return lacking;
  }

  private static String ago(Receipt receipt, Instant now) {
    Duration since = Duration.between(receipt.at(), now);
    return Durations.format(since.isNegative() ? Duration.ZERO : since) + " ago";
  }
}
