package io.dvault.plan;

import io.dvault.model.EntryAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the user named on the command line. A saved plan carries it.
 *
 * @param target nothing but these, and what carries their public parts; empty for all
 * @param exclude not these
 * @param replace rotate these though nothing calls for it
 */
public record Targets(
    List<AddressPattern> target, List<AddressPattern> exclude, List<AddressPattern> replace) {
  public static final Targets NONE = new Targets(List.of(), List.of(), List.of());

  public Targets {
    target = List.copyOf(target);
    exclude = List.copyOf(exclude);
    replace = List.copyOf(replace);
  }

  /** Whether some changes may be left out. */
  public boolean isPartial() {
    return !target.isEmpty() || !exclude.isEmpty();
  }

  boolean allows(EntryAddress address) {
    return (target.isEmpty() || any(target, address)) && !any(exclude, address);
  }

  boolean replaces(EntryAddress address) {
    return any(replace, address);
  }

  Stream<AddressPattern> all() {
    return Stream.of(target, exclude, replace).flatMap(List::stream);
  }

  private static boolean any(List<AddressPattern> patterns, EntryAddress address) {
    return !patterns.isEmpty() && patterns.stream().anyMatch(each -> each.matches(address));
  }
}
