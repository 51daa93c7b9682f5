package io.dvault.plan;

import io.dvault.registry.DeviceRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What devices enforce by themselves becomes something else: from the registry's rules to those of the policies. */
public record DeviceRulesChange(DeviceRules before, DeviceRules after) {

  /** The parts that differ, by name; one that is new has nothing before. */
  public List<FieldChange> fields() {
    Map<String, String> old = before.lines();
    Map<String, String> next = after.lines();
    Map<String, String> names = new TreeMap<>(old);
    names.putAll(next);
    List<FieldChange> fields = new ArrayList<>();
    for (String name : names.keySet()) {
      String from = old.getOrDefault(name, "");
      String to = next.getOrDefault(name, "no bound");
      if (!from.equals(to)) {
        fields.add(new FieldChange(name, from, to));
      }
    }
    return List.copyOf(fields);
  }
}
