package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.dag.HashMapDiff;
import io.dvault.dag.HashMapEditor;
import io.dvault.dag.HashMapShape;
import io.dvault.dag.IpldHashMap;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.model.AuthorityId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What changed from one tree to the next, read as it is asked: equal subtrees are never fetched, and devices pass by
 * one at a time, so the first commit of a large vault needs no more memory than a small one.
 */
public final class RegistryDiff {
  private final Optional<Registry> before;
  private final Registry after;

  private RegistryDiff(Optional<Registry> before, Registry after) {
    this.before = before;
    this.after = after;
  }

  /** The difference from {@code before}, empty for the tree before epoch 1, to {@code after}. Reads nothing yet. */
  public static RegistryDiff between(Optional<Registry> before, Registry after) {
    return new RegistryDiff(before, after);
  }

  /** Tells {@code consumer} each device once that is not alike in both trees. */
  public void forEachDevice(Consumer<DeviceChange> consumer) {
    IpldHashMap old = before.map(Registry::deviceMap).orElseGet(RegistryDiff::emptyMap);
    HashMapDiff.forEach(old, after.deviceMap(), next -> {
      Optional<DeviceEntry> was =
          next.before().map(value -> device(before.orElseThrow(), next.key(), value));
      Optional<DeviceEntry> is = next.after().map(value -> device(after, next.key(), value));
      consumer.accept(DeviceChange.between(was, is));
    });
  }

  /** All of {@link #forEachDevice}, in ascending order of id: for trees known to be small or to differ little. */
  public List<DeviceChange> devices() {
    List<DeviceChange> changes = new ArrayList<>();
    forEachDevice(changes::add);
    changes.sort((a, b) -> a.device().compareTo(b.device()));
    return List.copyOf(changes);
  }

  /** Each generation of an authority that is not alike in both trees, ascending. Reads two blocks at most. */
  public List<AuthorityChange> authorities() {
    if (before.isPresent()
        && before.get().root().authorities().equals(after.root().authorities())) {
      return List.of();
    }
    SortedMap<AuthorityId, List<AuthorityRecord>> old =
        before.map(Registry::authorities).orElseGet(TreeMap::new);
    SortedMap<AuthorityId, List<AuthorityRecord>> now = after.authorities();
    TreeSet<AuthorityId> ids = new TreeSet<>(old.keySet());
    ids.addAll(now.keySet());
    List<AuthorityChange> changes = new ArrayList<>();
    for (AuthorityId id : ids) {
      Map<Long, AuthorityRecord> was = byGeneration(old.getOrDefault(id, List.of()));
      Map<Long, AuthorityRecord> is = byGeneration(now.getOrDefault(id, List.of()));
      TreeSet<Long> generations = new TreeSet<>(was.keySet());
      generations.addAll(is.keySet());
      for (long generation : generations) {
        Optional<AuthorityRecord> a = Optional.ofNullable(was.get(generation));
        Optional<AuthorityRecord> b = Optional.ofNullable(is.get(generation));
        if (!a.equals(b)) {
          changes.add(new AuthorityChange(id, generation, a, b));
        }
      }
    }
    return List.copyOf(changes);
  }

  public boolean rulesChanged() {
    return !before.map(Registry::rules).orElse(DeviceRules.NONE).equals(after.rules());
  }

  private static DeviceEntry device(Registry registry, CborBytes key, CborValue value) {
    return registry.device(registry.deviceMap().cid(), key, value);
  }

  private static Map<Long, AuthorityRecord> byGeneration(List<AuthorityRecord> records) {
    return records.stream()
        .collect(Collectors.toMap(AuthorityRecord::generation, record -> record));
  }

  private static IpldHashMap emptyMap() {
    HashMapEditor.Built empty = HashMapEditor.empty(HashMapShape.DVAULT).build();
    MemoryBlockStore store = new MemoryBlockStore();
    empty.newBlocks().forEach(store::add);
    return IpldHashMap.open(store, empty.root());
  }
}
