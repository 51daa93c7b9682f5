package io.dvault.graph;

import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who signs what, and which devices hold it. Devices that hold exactly the same are one node when there are many of
 * them; the order is that of names, so that the same vault always gives the same graph.
 *
 * @param edges from authorities to what they sign, and from secrets to the devices that hold them
 */
public record FleetGraph(
    List<Node> authorities, List<Node> secrets, List<Node> devices, List<Edge> edges) {
  private static final int NAMES_SHOWN = 2;

  public FleetGraph {
    authorities = List.copyOf(authorities);
    secrets = List.copyOf(secrets);
    devices = List.copyOf(devices);
    edges = List.copyOf(edges);
  }

  /**
   * @param id unique, of letters and digits
   * @param label what it is called
   * @param detail a second line, or empty
   */
  public record Node(String id, String label, String detail) {}

  /** By the ids of nodes. */
  public record Edge(String from, String to) {}

  /** @param fold how many devices that hold the same stay apart; more of them become one node */
  public static FleetGraph of(DesiredState state, int fold) {
    SortedMap<String, Node> authorities = new TreeMap<>();
    state
        .authorities()
        .forEach((name, authority) -> authorities.put(
            name,
            new Node(
                "a" + authorities.size(),
                name,
                authority.type() + ", generation " + authority.active())));
    SortedMap<String, Node> secrets = new TreeMap<>();
    SortedMap<String, SortedSet<String>> held = new TreeMap<>();
    state.devices().keySet().forEach(device -> held.put(device, new TreeSet<>()));
    List<Edge> edges = new ArrayList<>();
    for (DesiredEntry entry : state.entries().values()) {
      String secret = entry.address().secret();
      if (!secrets.containsKey(secret)) {
        Node node = new Node("s" + secrets.size(), secret, "");
        secrets.put(secret, node);
        entry
            .template()
            .authority()
            .map(authorities::get)
            .ifPresent(by -> edges.add(new Edge(by.id(), node.id())));
      }
      held.get(entry.address().device()).add(secret);
    }
    List<Node> devices = new ArrayList<>();
    for (List<String> alike : folded(held, fold)) {
      Node node = node("d" + devices.size(), alike, state.devices());
      devices.add(node);
      held.get(alike.getFirst())
          .forEach(secret -> edges.add(new Edge(secrets.get(secret).id(), node.id())));
    }
    return new FleetGraph(
        List.copyOf(authorities.values()), List.copyOf(secrets.values()), devices, edges);
  }

  /** Devices by what they hold, in the order of the first name of each. */
  private static List<List<String>> folded(SortedMap<String, SortedSet<String>> held, int fold) {
    Map<SortedSet<String>, List<String>> alike = new LinkedHashMap<>();
    held.forEach((device, secrets) ->
        alike.computeIfAbsent(secrets, any -> new ArrayList<>()).add(device));
    List<List<String>> folded = new ArrayList<>();
    for (List<String> devices : alike.values()) {
      if (devices.size() > fold) {
        folded.add(devices);
      } else {
        devices.forEach(device -> folded.add(List.of(device)));
      }
    }
    return folded;
  }

  private static Node node(String id, List<String> names, Map<String, DeviceDeclaration> devices) {
    String labels = common(names.stream().map(devices::get).toList());
    if (names.size() == 1) {
      return new Node(id, names.getFirst(), labels);
    }
    String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
    return new Node(
        id,
        "%,d devices".formatted(names.size()),
        shown + ", …" + (labels.isEmpty() ? "" : " · " + labels));
  }

  /** The labels that all of them carry: {@code role=drone, site=berlin}. */
  private static String common(Collection<DeviceDeclaration> devices) {
    SortedMap<String, String> common = new TreeMap<>(devices.iterator().next().labels());
    devices.forEach(device -> common.entrySet().retainAll(device.labels().entrySet()));
    return common.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(", "));
  }
}
