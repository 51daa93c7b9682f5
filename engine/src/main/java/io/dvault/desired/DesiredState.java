package io.dvault.desired;

import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.registry.DeviceRules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/** All that a repository declares, at one commit. The same whatever the files are called or how they are ordered. */
public final class DesiredState {
  private final VaultSettings vault;
  private final SequencedMap<String, DeviceDeclaration> devices;
  private final SequencedMap<String, AuthorityDeclaration> authorities;
  private final SequencedMap<EntryAddress, DesiredEntry> entries;
  private final Map<EntryAddress, EntryAddress> presentNames = new HashMap<>();
  private final List<PolicyDeclaration> policies;

  /** Of devices and of authorities of one name the first counts. */
  public DesiredState(
      VaultSettings vault,
      List<DeviceDeclaration> devices,
      List<AuthorityDeclaration> authorities,
      List<DesiredEntry> entries,
      List<PolicyDeclaration> policies) {
    this.vault = vault;
    this.devices = inOrder(devices, DeviceDeclaration::name);
    this.authorities = inOrder(authorities, AuthorityDeclaration::name);
    this.entries = inOrder(entries, DesiredEntry::address);
    for (DesiredEntry entry : entries) {
      entry.former().forEach(former -> presentNames.put(former.address(), entry.address()));
    }
    this.policies =
        policies.stream().sorted(Comparator.comparing(PolicyDeclaration::name)).toList();
  }

  /** No tree: a fleet's are made once, and then each is looked up several times. */
  private static <K extends Comparable<K>, T> SequencedMap<K, T> inOrder(
      List<T> items, Function<T, K> key) {
    List<T> sorted = new ArrayList<>(items);
    sorted.sort(Comparator.comparing(key));
    SequencedMap<K, T> map = LinkedHashMap.newLinkedHashMap(sorted.size());
    sorted.forEach(item -> map.putIfAbsent(key.apply(item), item));
    return Collections.unmodifiableSequencedMap(map);
  }

  public VaultSettings vault() {
    return vault;
  }

  /** By name. */
  public SequencedMap<String, DeviceDeclaration> devices() {
    return devices;
  }

  public Optional<DeviceDeclaration> findDevice(String name) {
    return Optional.ofNullable(devices.get(name));
  }

  /** By name. */
  public SequencedMap<String, AuthorityDeclaration> authorities() {
    return authorities;
  }

  public Optional<AuthorityDeclaration> findAuthority(String name) {
    return Optional.ofNullable(authorities.get(name));
  }

  /** By address. */
  public SequencedMap<EntryAddress, DesiredEntry> entries() {
    return entries;
  }

  /** The id of a declared entry under its present name, or of what that name stood for by itself. */
  public EntryId idOf(EntryAddress address) {
    return findEntry(address)
        .map(DesiredEntry::id)
        .orElseGet(() -> EntryId.of(vault.salt(), address));
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
  public DeviceRules enforced() {
    return policies.stream()
        .map(PolicyDeclaration::enforce)
        .reduce(DeviceRules.NONE, DeviceRules::and);
  }

  public Optional<DesiredEntry> findEntry(EntryAddress address) {
    return Optional.ofNullable(entries.get(address));
  }
}
