package io.dvault.cli.view;

import io.dvault.model.Quantities;
import io.dvault.plan.Change;
import io.dvault.plan.FieldChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of many changes in one place: what is the same is told once, what differs by its first values and their
 * number.
 * Every change is looked at: one that is unlike the others must not hide among them.
 */
final class CommonFields {
  private static final int SHOWN = 2;
  private static final int COUNTED = 10_000;

  private final Map<String, Set<FieldChange>> values = new LinkedHashMap<>();
  private final Map<String, Integer> seen = new LinkedHashMap<>();
  private final int size;

  private CommonFields(int size) {
    this.size = size;
  }

  static List<FieldChange> of(List<Change> changes, Instant at) {
    // Each change's fields are let go at once: all of them together would be those of the fleet in
    // memory.
    return changes.parallelStream()
        .collect(
            () -> new CommonFields(changes.size()),
            (common, change) -> common.add(change.fields(at)),
            CommonFields::addAll)
        .told();
  }

  private void add(List<FieldChange> fields) {
    for (FieldChange field : fields) {
      count(field);
      seen.merge(field.name(), 1, Integer::sum);
    }
  }

  private void count(FieldChange field) {
    Set<FieldChange> known = values.computeIfAbsent(field.name(), any -> new LinkedHashSet<>());
    if (known.size() < COUNTED) {
      known.add(field);
    }
  }

  /** Those of later changes. */
  private void addAll(CommonFields later) {
    later.values.values().forEach(known -> known.forEach(this::count));
    later.seen.forEach((name, times) -> seen.merge(name, times, Integer::sum));
  }

  private List<FieldChange> told() {
    List<FieldChange> told = new ArrayList<>();
    values.forEach((name, different) -> {
      boolean all = seen.get(name) == size;
      if (different.size() == 1 && all) {
        told.add(different.iterator().next());
      } else {
        String number =
            different.size() == COUNTED ? "many" : Quantities.number(different.size() - SHOWN);
        String values = String.join(
                ", ", different.stream().limit(SHOWN).map(CommonFields::words).toList())
            + (different.size() > SHOWN ? " and " + number + " others" : "");
        told.add(new FieldChange(
            name,
            "",
            values + (all ? "" : ", on " + Quantities.number(seen.get(name)) + " of them")));
      }
    });
    return told;
  }

  private static String words(FieldChange field) {
    return field.before().isEmpty()
        ? field.after()
        : field.after().isEmpty() ? field.before() : field.before() + " → " + field.after();
  }
}
