package io.dvault.config;

import io.dvault.desired.Selection;
import io.dvault.model.SourcePosition;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.Fleet;
import io.dvault.yaml.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A fleet that keeps in mind what one declaration selected: a reviewer asks by which words a device came in. */
final class SelectingFleet implements Fleet {
  /** @param reader the mapping that was read: templates made there have its position */
  private record Selected(Selection by, SourcePosition reader, List<DeviceView> devices) {}

  private final Fleet fleet;
  private final List<Selected> selections = new ArrayList<>(1);

  SelectingFleet(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public List<DeviceView> select(Fields spec, String key) {
    List<DeviceView> devices = fleet.select(spec, key);
    if (!devices.isEmpty()) {
      selections.add(new Selected(
          new Selection(DeviceGroup.read(spec.map(key)).words(), spec.position(key)),
          spec.position(),
          devices));
    }
    return devices;
  }

  /** By what the device of {@code template} was selected: where it was made, or else anywhere in the declaration. */
  Optional<Selection> selectionOf(EntryTemplate template) {
    for (Selected each :
        selections) { // no stream: nearly always it is the first, for each device of a fleet
      if (each.reader().equals(template.position())) {
        return Optional.of(each.by());
      }
    }
    return selections.stream()
        .filter(each -> holds(each, template.address().device()))
        .findFirst()
        .map(Selected::by);
  }

  private static boolean holds(Selected selected, String device) {
    return selected.devices().stream().anyMatch(each -> each.name().equals(device));
  }

  @Override
  public Duration pollInterval() {
    return fleet.pollInterval();
  }

  @Override
  public Optional<AuthorityView> authority(Fields spec, String key, String type) {
    return fleet.authority(spec, key, type);
  }

  @Override
  public List<AuthorityView> authorities(String type) {
    return fleet.authorities(type);
  }

  @Override
  public List<AuthorityView> trusted(String authority) {
    return fleet.trusted(authority);
  }
}
