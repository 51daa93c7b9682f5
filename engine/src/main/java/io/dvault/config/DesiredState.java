package io.dvault.config;

import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.registry.Rules;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** All that a repository declares, at one commit. The same whatever the files are called or how they are ordered. */
public final class DesiredState {
  private final VaultSettings vault;
  private final SortedMap<String, DeviceDeclaration> devices;
  private final SortedMap<String, AuthorityDeclaration> authorities;
  private final SortedMap<EntryAddress, DesiredEntry> entries;
  private final Map<EntryAddress, EntryAddress> presentNames = new HashMap<>();
  private final List<PolicyDeclaration> policies;

  /** Without trust policies. */
  public DesiredState(
      VaultSettings vault,
      List<DeviceDeclaration> devices,
      List<AuthorityDeclaration> authorities,
      Map<EntryAddress, DesiredEntry> entries) {
    this(vault, devices, authorities, entries, List.of());
  }

  public DesiredState(
      VaultSettings vault,
      List<DeviceDeclaration> devices,
      List<AuthorityDeclaration> authorities,
      Map<EntryAddress, DesiredEntry> entries,
      List<PolicyDeclaration> policies) {
    this.vault = vault;
    this.devices = byName(devices, DeviceDeclaration::name);
    this.authorities = byName(authorities, AuthorityDeclaration::name);
    this.entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    entries.values().forEach(entry ->
        entry.former().forEach(former -> presentNames.put(former.address(), entry.address())));
    this.policies = policies.stream().sorted(Comparator.comparing(PolicyDeclaration::name)).toList();
  }

  private static <T> SortedMap<String, T> byName(List<T> items, Function<T, String> name) {
    SortedMap<String, T> sorted = new TreeMap<>();
    items.forEach(item -> sorted.putIfAbsent(name.apply(item), item));
    return Collections.unmodifiableSortedMap(sorted);
  }

  public VaultSettings vault() {
    return vault;
  }

  /** By name. */
  public SortedMap<String, DeviceDeclaration> devices() {
    return devices;
  }

  public Optional<DeviceDeclaration> findDevice(String name) {
    return Optional.ofNullable(devices.get(name));
  }

  /** By name. */
  public SortedMap<String, AuthorityDeclaration> authorities() {
    return authorities;
  }

  public Optional<AuthorityDeclaration> findAuthority(String name) {
    return Optional.ofNullable(authorities.get(name));
  }

  public SortedMap<EntryAddress, DesiredEntry> entries() {
    return entries;
  }

  /** The id of a declared entry under its present name, or of what that name stood for by itself. */
  public EntryId idOf(EntryAddress address) {
    return findEntry(address).map(DesiredEntry::id).orElseGet(() -> EntryId.of(vault.salt(), address));
  }

  /** What a former name of a declared entry is now; any other name is as it is. */
  public EntryAddress presentName(EntryAddress address) {
    return presentNames.getOrDefault(address, address);
  }

  /** By name. */
  public List<PolicyDeclaration> policies() {
    return policies;
  }

  /** What all policies together have devices enforce. */
  public Rules enforced() {
    return policies.stream().map(PolicyDeclaration::enforce).reduce(Rules.NONE, Rules::and);
  }

  public Optional<DesiredEntry> findEntry(EntryAddress address) {
    return Optional.ofNullable(entries.get(address));
  }
}
