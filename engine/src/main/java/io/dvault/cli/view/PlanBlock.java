package io.dvault.cli.view;

import io.dvault.model.EntryAddress;
import io.dvault.model.Quantities;
import io.dvault.plan.Change;
import io.dvault.plan.Change.Issue;
import io.dvault.plan.Change.Keep;
import io.dvault.plan.Change.Revoke;
import io.dvault.plan.Change.Rotate;
import io.dvault.plan.FieldChange;
import io.dvault.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a reviewer reads as one thing: a change, or many that are the same but for the device.
 *
 * @param symbol {@code +}, {@code ±} or {@code -}
 * @param reason why, in words
 * @param changes how many it stands for
 */
record PlanBlock(
    String symbol, String label, String reason, List<FieldChange> fields, int changes) {
  /** Up to so many changes, each stands alone. */
  private static final int FEW = 20;
  /** Fewer of one secret than this stand alone in a long plan too. */
  private static final int TOGETHER = 4;
  /** More blocks than this are no reading matter any more: the rest is counted by kind and reason. */
  private static final int MOST = 40;

  private static final int SHOWN = 3;

  /** Every change alone; made one by one as they are read, since a plan may have a million. */
  static Stream<PlanBlock> each(Plan plan) {
    return shown(plan).map(change -> single(change, plan.at()));
  }

  /** Every change of one symbol alone, one by one likewise. */
  static Stream<PlanBlock> each(Plan plan, String symbol) {
    return shown(plan)
        .filter(change -> symbol(change).equals(symbol))
        .map(change -> single(change, plan.at()));
  }

  /** As a person reads them: alone when they are few, those of one secret together when they are many. */
  static List<PlanBlock> grouped(Plan plan) {
    List<Change> shown = shown(plan).toList();
    if (shown.size() <= FEW) {
      return each(plan).toList();
    }
    Map<String, List<Change>> groups = new LinkedHashMap<>();
    for (Change change : shown) {
      String secret = change.address().map(EntryAddress::secret).orElse(change.label());
      String key = symbol(change) + secret + " " + change.reason().code();
      groups.computeIfAbsent(key, any -> new ArrayList<>()).add(change);
    }
    List<List<Change>> blocks = new ArrayList<>();
    groups.values().forEach(group -> {
      if (group.size() < TOGETHER) {
        group.forEach(change -> blocks.add(List.of(change)));
      } else {
        blocks.add(group);
      }
    });
    return blocks.size() <= MOST
        ? blocks.stream().map(group -> block(group, plan.at())).toList()
        : cut(blocks, plan.at());
  }

  private static Stream<Change> shown(Plan plan) {
    return plan.changes().stream()
        .filter(change -> !(change instanceof Revoke revoke && revoke.housekeeping()));
  }

  /** What goes is shown before what is replaced, and that before what comes; the rest is told as numbers. */
  private static List<PlanBlock> cut(List<List<Change>> groups, Instant at) {
    List<List<Change>> byWeight = groups.stream()
        .sorted(
            Comparator.comparing((List<Change> group) -> "-±+".indexOf(symbol(group.getFirst()))))
        .toList();
    List<PlanBlock> blocks = new ArrayList<>();
    byWeight.subList(0, MOST).forEach(group -> blocks.add(block(group, at)));
    Map<String, List<Change>> rest = new LinkedHashMap<>();
    byWeight
        .subList(MOST, byWeight.size())
        .forEach(group -> group.forEach(change -> rest.computeIfAbsent(
                symbol(change) + change.address().map(EntryAddress::kind).orElse("") + " "
                    + change.reason().code(),
                key -> new ArrayList<>())
            .add(change)));
    rest.values().forEach(changes -> blocks.add(counted(changes)));
    return blocks;
  }

  private static PlanBlock counted(List<Change> changes) {
    Change first = changes.getFirst();
    String kind = first.address().map(EntryAddress::kind).orElse("without a name");
    String names = some(changes.stream().map(Change::label).limit(SHOWN).toList(), changes.size());
    return new PlanBlock(
        symbol(first),
        Quantities.number(changes.size()) + " more " + kind,
        words(changes),
        List.of(new FieldChange("names", "", names)),
        changes.size());
  }

  private static PlanBlock block(List<Change> group, Instant at) {
    if (group.size() == 1) {
      return single(group.getFirst(), at);
    }
    Change first = group.getFirst();
    List<String> devices = group.stream()
        .limit(SHOWN)
        .map(each -> each.address().orElseThrow().device())
        .toList();
    List<FieldChange> fields = new ArrayList<>();
    fields.add(new FieldChange("devices", "", some(devices, group.size())));
    fields.addAll(CommonFields.of(group, at));
    String label = first.address().map(EntryAddress::secret).orElse("entries without a name");
    return new PlanBlock(
        symbol(first),
        label + " on " + Quantities.number(group.size()) + " devices",
        words(group),
        fields,
        group.size());
  }

  private static PlanBlock single(Change change, Instant at) {
    return new PlanBlock(
        symbol(change), change.label(), change.reason().words(), change.fields(at), 1);
  }

  /** Their reason where it is the same to the letter, its name otherwise. */
  private static String words(List<Change> changes) {
    Change first = changes.getFirst();
    Optional<String> same = Optional.of(first.reason().words())
        .filter(words -> changes.stream().allMatch(each -> each.reason().words().equals(words)));
    return same.orElseGet(() -> first.reason().code().text().replace('-', ' '));
  }

  static String some(List<String> first, int all) {
    String words = String.join(", ", first);
    return all <= first.size()
        ? words
        : words + " and " + Quantities.number(all - first.size()) + " more";
  }

  static String symbol(Change change) {
    return switch (change) {
      case Issue issue -> "+";
      case Rotate rotate -> "±";
      case Revoke revoke -> "-";
      case Keep keep -> " ";
    };
  }
}
