package io.dvault.config;

import io.dvault.desired.Glob;
import io.dvault.spi.DeviceView;
import io.dvault.yaml.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A choice of devices: what is given must all hold. Names and label values may be patterns.
 *
 * @param names any of them
 * @param selector all of them
 * @param expressions all of them
 * @param groups any of them, declared in {@code vault.yaml}
 * @param except none of them
 */
record DeviceGroup(
    List<String> names,
    Map<String, String> selector,
    List<LabelExpression> expressions,
    List<String> groups,
    List<String> except) {

  static DeviceGroup read(Fields fields) {
    DeviceGroup group = new DeviceGroup(
        fields.strings("names"),
        fields.stringMap("selector"),
        fields.maps("matchExpressions").stream().map(LabelExpression::read).toList(),
        fields.strings("groups"),
        fields.strings("except"));
    refuseEmpty(fields, "names", group.names.isEmpty());
    refuseEmpty(fields, "selector", group.selector.isEmpty());
    refuseEmpty(fields, "matchExpressions", group.expressions.isEmpty());
    refuseEmpty(fields, "groups", group.groups.isEmpty());
    return group;
  }

  /** An empty list beside another condition would choose everybody, where nobody was meant. */
  private static void refuseEmpty(Fields fields, String key, boolean empty) {
    if (empty && fields.has(key)) {
      fields.error(key, "DV036", "\"" + key + "\" is empty", "Add names, or remove the field.");
    }
  }

  DeviceGroup withoutGroups() {
    return new DeviceGroup(names, selector, expressions, List.of(), except);
  }

  boolean isEmpty() {
    return names.isEmpty() && selector.isEmpty() && expressions.isEmpty() && groups.isEmpty();
  }

  /** Whether names, labels and exceptions allow the device; groups are the fleet's to know. */
  boolean matches(DeviceView device) {
    if (!names.isEmpty() && !matchesAny(names, device.name())
        || matchesAny(except, device.name())) {
      return false;
    }
    for (Map.Entry<String, String> label :
        selector.entrySet()) { // no streams: each device of a fleet is asked
      if (!carries(device, label)) {
        return false;
      }
    }
    return expressions.isEmpty()
        || expressions.stream().allMatch(each -> each.matches(device.labels()));
  }

  private static boolean matchesAny(List<String> patterns, String name) {
    return !patterns.isEmpty() && patterns.stream().anyMatch(each -> Glob.matches(each, name));
  }

  private static boolean carries(DeviceView device, Map.Entry<String, String> label) {
    String value = device.labels().get(label.getKey());
    return value != null && Glob.matches(label.getValue(), value);
  }

  /** {@code Names [a, b] with {role=drone}}. */
  String describe() {
    String all = parts(" with ", "selector " + new TreeMap<>(selector), List::toString);
    return Character.toUpperCase(all.charAt(0)) + all.substring(1);
  }

  /** As a reviewer reads it: {@code selector role=drone, site=berlin except drone-7}. */
  String words() {
    String labels = new TreeMap<>(selector)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(", "));
    return parts(" and ", "selector " + labels, list -> String.join(", ", list));
  }

  private String parts(String between, String labels, Function<List<String>, String> list) {
    List<String> words = new ArrayList<>();
    if (!names.isEmpty()) {
      words.add("names " + list.apply(names));
    }
    if (!selector.isEmpty()) {
      words.add(labels);
    }
    expressions.forEach(each -> words.add("label " + each));
    if (!groups.isEmpty()) {
      words.add("groups " + list.apply(groups));
    }
    if (!except.isEmpty()) {
      words.add("except " + list.apply(except));
    }
    return String.join(between, words);
  }
}
