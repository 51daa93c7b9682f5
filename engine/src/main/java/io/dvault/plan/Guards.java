package io.dvault.plan;

import io.dvault.desired.DesiredEntry;
import io.dvault.model.DeviceId;
import io.dvault.model.Diagnostic;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.registry.EntryStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a plan may not do until a flag names it. docs/architecture.md, "Plan and apply";
 * docs/requirements.md P7.
 */
public final class Guards {
  /** Fewer removals than this are never too many. */
  private static final int FEW = 3;

  private static final int SHOWN = 5;

  private Guards() {}

  /**
   * @param removals {@code --allow-removals}: whatever the share
   * @param protectedEntries {@code --allow-protected}
   * @param noWayIn {@code --allow-no-way-in}
   * @param bannedKeys {@code --allow-banned-keys}
   */
  public record Allowed(
      boolean removals, boolean protectedEntries, boolean noWayIn, boolean bannedKeys) {
    public static final Allowed NOTHING = new Allowed(false, false, false, false);
  }

  /** Every guard that the plan runs into, as errors; empty when it may go on. */
  public static List<Diagnostic> check(Plan plan, PlanInput input, Allowed allowed) {
    List<Diagnostic> findings = new ArrayList<>();
    List<Revoke> removals = plan.changes().stream()
        .filter(Revoke.class::isInstance)
        .map(Revoke.class::cast)
        .filter(each -> !each.housekeeping())
        .toList();
    if (!allowed.removals()) {
      share(plan, removals).ifPresent(findings::add);
    }
    if (!allowed.protectedEntries()) {
      protectedOnes(removals, input).ifPresent(findings::add);
    }
    if (!allowed.noWayIn()) {
      wayIn(plan, removals, input).ifPresent(findings::add);
    }
    if (!allowed.bannedKeys()) {
      returning(plan, input).forEach(findings::add);
    }
    return List.copyOf(findings);
  }

  /** No revert of git brings a revoked key back without a word. docs/requirements.md S8. */
  private static List<Diagnostic> returning(Plan plan, PlanInput input) {
    return plan.issuing().stream()
        .filter(each -> input.returning().containsKey(each.desired().address()))
        .map(each -> Diagnostic.error(
                "DV216",
                "the plan reissues a revoked public key",
                "It " + input.returning().get(each.desired().address())
                    + ". Replace it with a new key.",
                "To reissue the old key, add --allow-banned-keys.")
            .at(each.desired().template().position())
            .on(each.label()))
        .toList();
  }

  private static Optional<Diagnostic> share(Plan plan, List<Revoke> removals) {
    long active = plan.keeps().stream().filter(each -> !each.ended()).count()
        + plan.rotations()
        + removals.size();
    if (removals.size() <= FEW || removals.size() * 2L <= active) {
      return Optional.empty();
    }
    return Optional.of(Diagnostic.error(
        "DV204",
        "the plan removes too many entries",
        "%,d of %,d entries would be revoked: more than half.".formatted(removals.size(), active),
        "To allow it, add --allow-removals."));
  }

  private static Optional<Diagnostic> protectedOnes(List<Revoke> removals, PlanInput input) {
    List<String> labels = removals.stream()
        .filter(each -> isProtected(each, input))
        .map(Change::label)
        .toList();
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(Diagnostic.error(
            "DV205",
            "the plan removes protected entries",
            "protect: true was set for " + some(labels) + ".",
            "To allow it, add --allow-protected."));
  }

  private static boolean isProtected(Revoke revoke, PlanInput input) {
    boolean now = revoke
        .address()
        .flatMap(input.desired()::findEntry)
        .map(DesiredEntry::template)
        .filter(template -> template.protect())
        .isPresent();
    return now || revoke.protect().orElse(false);
  }

  /** Devices that stay declared, had a way in, and would have none. docs/threat-model.md T25. */
  private static Optional<Diagnostic> wayIn(Plan plan, List<Revoke> removals, PlanInput input) {
    Set<DeviceId> loses = new HashSet<>();
    removals.stream()
        .filter(each -> input.kinds().waysIn().contains(each.old().kind()))
        .forEach(each -> loses.add(each.device()));
    if (loses.isEmpty()) {
      return Optional.empty();
    }
    Map<String, DeviceId> losing = new TreeMap<>();
    Set<DeviceId> reachable = new HashSet<>();
    for (Issuing each : plan.issuing()) {
      if (input.kinds().waysIn().contains(each.desired().address().kind())) {
        reachable.add(each.device());
      }
    }
    for (Keep each : plan.keeps()) {
      boolean works = !each.ended() && each.record().status() == EntryStatus.ACTIVE;
      if (works && input.kinds().waysIn().contains(each.record().kind())) {
        reachable.add(each.device());
      }
    }
    input.desired().devices().values().forEach(device -> {
      if (loses.contains(device.id()) && !reachable.contains(device.id())) {
        losing.put(device.name(), device.id());
      }
    });
    return losing.isEmpty()
        ? Optional.empty()
        : Optional.of(Diagnostic.error(
            "DV206",
            "the plan leaves a device without a way to log in",
            "Nobody could log in to " + some(List.copyOf(losing.keySet())) + ".",
            "Add another way to log in first, or add --allow-no-way-in."));
  }

  private static String some(List<String> labels) {
    String first = String.join(", ", labels.subList(0, Math.min(SHOWN, labels.size())));
    return labels.size() <= SHOWN ? first : first + " and " + (labels.size() - SHOWN) + " more";
  }
}
