package io.dvault.config;

import io.dvault.desired.AuthorityDeclaration;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.desired.Glob;
import io.dvault.model.Spelling;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.DeviceView;
import io.dvault.spi.Fleet;
import io.dvault.yaml.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** The fleet as the repository declares it, indexed so that a selection costs what it selects. */
final class DeclaredFleet implements Fleet {
  /** By name; a plain map filled in that order, since each device of a fleet is looked up for each declaration. */
  private final Map<String, DeviceView> devices;

  private final Map<Map.Entry<String, String>, List<String>> byLabel = new HashMap<>();
  private final SortedMap<String, AuthorityDeclaration> authorities;
  private final Set<String> declaredAuthorities;
  private final SortedMap<String, DeviceGroup> groups;
  private final Duration poll;

  /** @param declaredAuthorities names of all, those without a usable key too: they were told off already */
  DeclaredFleet(
      Collection<DeviceDeclaration> declared,
      SortedMap<String, AuthorityDeclaration> authorities,
      Set<String> declaredAuthorities,
      SortedMap<String, DeviceGroup> groups,
      Duration poll) {
    this.devices = LinkedHashMap.newLinkedHashMap(declared.size());
    List<DeviceDeclaration> sorted = new ArrayList<>(declared);
    sorted.sort(Comparator.comparing(DeviceDeclaration::name));
    for (DeviceDeclaration device : sorted) {
      if (devices.putIfAbsent(device.name(), device.view()) == null) {
        device
            .labels()
            .forEach((key, value) -> byLabel
                .computeIfAbsent(Map.entry(key, value), any -> new ArrayList<>())
                .add(device.name()));
      }
    }
    this.authorities = authorities;
    this.declaredAuthorities = declaredAuthorities;
    this.groups = groups;
    this.poll = poll;
  }

  @Override
  public Duration pollInterval() {
    return poll;
  }

  @Override
  public List<DeviceView> select(Fields spec, String key) {
    if (!spec.has(key)) {
      spec.error(
          key,
          "DV013",
          "missing field \"" + key + "\"",
          "Select devices: " + key + ": {selector: {role: drone}} or " + key
              + ": {names: [drone-7]}.");
      return List.of();
    }
    Fields chosen = spec.map(key);
    DeviceGroup choice = DeviceGroup.read(chosen);
    boolean none = choice.isEmpty();
    if (none) {
      spec.error(
          key,
          "DV036",
          "\"" + key + "\" is empty",
          "Add names, a selector, matchExpressions, or groups.");
    }
    boolean namesKnown = namesAreKnown(chosen, choice);
    boolean known = groupsAreKnown(chosen, choice) && namesKnown;
    List<DeviceView> selected = none ? List.of() : evaluate(choice);
    if (selected.isEmpty() && !none && known) {
      spec.error(
          key,
          "DV036",
          "no device matches",
          choice.describe() + " matches none of the " + devices.size() + " devices.");
    }
    return selected;
  }

  private boolean namesAreKnown(Fields chosen, DeviceGroup choice) {
    boolean known = true;
    for (String name : choice.names()) {
      if (!Glob.isPattern(name) && !devices.containsKey(name)) {
        String hint = Spelling.hint(name, devices.keySet());
        chosen.error(
            "names",
            "DV035",
            "there is no device \"" + name + "\"",
            hint.isEmpty() ? "Devices are declared by kind: Device." : Recipients.sentence(hint));
        known = false;
      }
    }
    return known;
  }

  private boolean groupsAreKnown(Fields chosen, DeviceGroup choice) {
    boolean known = true;
    for (String group : choice.groups()) {
      if (!groups.containsKey(group)) {
        String hint = Spelling.hint(group, groups.keySet());
        chosen.error(
            "groups",
            "DV035",
            "there is no group \"" + group + "\"",
            hint.isEmpty()
                ? "Groups are declared in vault.yaml: spec.groups."
                : Recipients.sentence(hint));
        known = false;
      }
    }
    return known;
  }

  /** The devices that all of the given conditions hold for, by name. */
  private List<DeviceView> evaluate(DeviceGroup choice) {
    List<DeviceView> selected = new ArrayList<>();
    Set<String> inGroups = new TreeSet<>();
    for (String group : choice.groups()) {
      if (groups.containsKey(group)) {
        evaluate(groups.get(group).withoutGroups()).forEach(device -> inGroups.add(device.name()));
      }
    }
    for (String name : candidates(choice, inGroups)) {
      DeviceView device = devices.get(name);
      boolean grouped = choice.groups().isEmpty() || inGroups.contains(name);
      if (device != null && grouped && choice.matches(device)) {
        selected.add(device);
      }
    }
    return selected;
  }

  /** Different ones, by name, that hold all that can match and seldom much more. */
  private Collection<String> candidates(DeviceGroup choice, Set<String> inGroups) {
    if (!choice.names().isEmpty() && choice.names().stream().noneMatch(Glob::isPattern)) {
      return new TreeSet<>(choice.names());
    }
    if (!choice.groups().isEmpty()) {
      return inGroups;
    }
    return choice.selector().entrySet().stream()
        .filter(label -> !Glob.isPattern(label.getValue()))
        .<Collection<String>>map(
            label -> byLabel.getOrDefault(Map.entry(label.getKey(), label.getValue()), List.of()))
        .min(Comparator.comparingInt(Collection::size))
        .orElse(devices.keySet());
  }

  @Override
  public Optional<AuthorityView> authority(Fields spec, String key, String type) {
    String name = spec.requireString(key);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    AuthorityDeclaration found = authorities.get(name);
    if (found == null && !declaredAuthorities.contains(name)) {
      String hint = Spelling.hint(name, declaredAuthorities);
      spec.error(
          key,
          "DV037",
          "there is no authority \"" + name + "\"",
          hint.isEmpty()
              ? "Authorities are declared by kind: Authority."
              : Recipients.sentence(hint));
      return Optional.empty();
    }
    if (found != null && !found.type().equals(type)) {
      spec.error(
          key,
          "DV037",
          "authority \"" + name + "\" is of type " + found.type(),
          "This needs one of type " + type + ".");
      return Optional.empty();
    }
    return Optional.ofNullable(found).map(AuthorityDeclaration::view);
  }

  @Override
  public List<AuthorityView> authorities(String type) {
    return authorities.values().stream()
        .filter(each -> each.type().equals(type))
        .map(AuthorityDeclaration::view)
        .toList();
  }

  @Override
  public List<AuthorityView> trusted(String authority) {
    return Optional.ofNullable(authorities.get(authority))
        .map(AuthorityDeclaration::trusted)
        .orElse(List.of());
  }
}
