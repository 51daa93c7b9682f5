package io.dvault.config;

import io.dvault.spi.AuthorityType;
import io.dvault.spi.BlockStoreProvider;
import io.dvault.spi.SecretKind;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The plugins on the class path.
 *
 * @param kinds by the {@code kind:} of the YAML
 * @param entryKinds by the kind of the entries that they issue; those by which authorities are believed too
 * @param authorityTypes by {@code type:}
 * @param stores by {@code store:}
 */
public record Plugins(
    SortedMap<String, SecretKind> kinds,
    SortedMap<String, SecretKind> entryKinds,
    SortedMap<String, AuthorityType> authorityTypes,
    SortedMap<String, BlockStoreProvider> stores) {
  public Plugins {
    kinds = Collections.unmodifiableSortedMap(new TreeMap<>(kinds));
    entryKinds = Collections.unmodifiableSortedMap(new TreeMap<>(entryKinds));
    authorityTypes = Collections.unmodifiableSortedMap(new TreeMap<>(authorityTypes));
    stores = Collections.unmodifiableSortedMap(new TreeMap<>(stores));
  }

  /** Finds them by ServiceLoader; two that claim one name are a fault of the installation. */
  public static Plugins load() {
    SortedMap<String, SecretKind> kinds = new TreeMap<>();
    SortedMap<String, SecretKind> entryKinds = new TreeMap<>();
    for (SecretKind kind : ServiceLoader.load(SecretKind.class)) {
      put(kinds, kind.kind(), kind);
      kind.entryKinds().forEach(each -> put(entryKinds, each, kind));
    }
    SortedMap<String, AuthorityType> types = new TreeMap<>();
    for (AuthorityType type : ServiceLoader.load(AuthorityType.class)) {
      put(types, type.type(), type);
      type.trust()
          .ifPresent(trust -> trust.entryKinds().forEach(each -> put(entryKinds, each, trust)));
    }
    SortedMap<String, BlockStoreProvider> stores = new TreeMap<>();
    ServiceLoader.load(BlockStoreProvider.class)
        .forEach(store -> put(stores, store.store(), store));
    return new Plugins(kinds, entryKinds, types, stores);
  }

  private static <T> void put(Map<String, T> map, String name, T plugin) {
    T first = map.putIfAbsent(name, plugin);
    if (first != null) {
      throw new IllegalStateException("two plugins claim " + name + ": "
          + first.getClass().getName() + " and " + plugin.getClass().getName());
    }
  }

  /** The kinds of the entries by which devices come to believe authorities. */
  public Set<String> trustKinds() {
    return authorityTypes.values().stream()
        .flatMap(type -> type.trust().stream())
        .flatMap(trust -> trust.entryKinds().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  public Optional<SecretKind> findByEntryKind(String kind) {
    return Optional.ofNullable(entryKinds.get(kind));
  }
}
