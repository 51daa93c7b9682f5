package io.dvault.cbor;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The fields of a map in dag-cbor's order, never changed: two arrays, for a plan holds several such
 * maps of a few fields
 * for each device of a fleet.
 */
final class SortedFields extends AbstractMap<String, CborValue> {
  private final String[] keys;
  private final CborValue[] values;

  private SortedFields(String[] keys, CborValue[] values) {
    this.keys = keys;
    this.values = values;
  }

  /** A copy of whatever order. */
  static SortedFields of(Map<String, CborValue> fields) {
    String[] keys = fields.keySet().toArray(String[]::new);
    for (int i = 1; i < keys.length; i++) {
      if (DagCbor.KEY_ORDER.compare(keys[i - 1], keys[i]) >= 0) {
        Arrays.sort(keys, DagCbor.KEY_ORDER);
        break;
      }
    }
    CborValue[] values = new CborValue[keys.length];
    for (int i = 0; i < keys.length; i++) {
      values[i] = Objects.requireNonNull(fields.get(keys[i]));
    }
    return new SortedFields(keys, values);
  }

  /** Of keys that the caller has in order: throws IllegalArgumentException when they are not, or not as many. */
  static SortedFields inOrder(List<String> keys, CborValue... values) {
    boolean ordered = keys.size() == values.length;
    for (int i = 1; ordered && i < values.length; i++) {
      ordered = DagCbor.KEY_ORDER.compare(keys.get(i - 1), keys.get(i)) < 0;
    }
    if (!ordered) {
      throw new IllegalArgumentException(
          "keys are not in dag-cbor's order, or not as many as values: " + keys);
    }
    return new SortedFields(keys.toArray(String[]::new), values.clone());
  }

  /**
   * The first {@code size} of both arrays, which belong to it from then on, with keys that were
   * found to be in order.
   */
  static SortedFields ofSorted(String[] keys, CborValue[] values, int size) {
    return keys.length == size
        ? new SortedFields(keys, values)
        : new SortedFields(Arrays.copyOf(keys, size), Arrays.copyOf(values, size));
  }

  /** These and one more; throws IllegalArgumentException when its key is among them. */
  SortedFields with(String key, CborValue value) {
    int before = Arrays.binarySearch(keys, key, DagCbor.KEY_ORDER);
    if (before >= 0) {
      throw new IllegalArgumentException("there is a field \"" + key + "\" already");
    }
    int at = -before - 1;
    String[] moreKeys = new String[keys.length + 1];
    CborValue[] moreValues = new CborValue[keys.length + 1];
    System.arraycopy(keys, 0, moreKeys, 0, at);
    System.arraycopy(values, 0, moreValues, 0, at);
    moreKeys[at] = key;
    moreValues[at] = Objects.requireNonNull(value);
    System.arraycopy(keys, at, moreKeys, at + 1, keys.length - at);
    System.arraycopy(values, at, moreValues, at + 1, keys.length - at);
    return new SortedFields(moreKeys, moreValues);
  }

  @Override
  public int size() {
    return keys.length;
  }

  String key(int index) {
    return keys[index];
  }

  CborValue value(int index) {
    return values[index];
  }

  private int find(Object key) {
    return key instanceof String text ? Arrays.binarySearch(keys, text, DagCbor.KEY_ORDER) : -1;
  }

  @Override
  public CborValue get(Object key) {
    int found = find(key);
    return found < 0 ? null : values[found]; // as Map says it
  }

  @Override
  public boolean containsKey(Object key) {
    return find(key) >= 0;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super CborValue> action) {
    for (int i = 0; i < keys.length; i++) {
      action.accept(keys[i], values[i]);
    }
  }

  @Override
  public Set<Entry<String, CborValue>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return keys.length;
      }

      @Override
      public Iterator<Entry<String, CborValue>> iterator() {
        return new Entries();
      }
    };
  }

  private final class Entries implements Iterator<Entry<String, CborValue>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < keys.length;
    }

    @Override
    public Entry<String, CborValue> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Entry<String, CborValue> entry = new SimpleImmutableEntry<>(keys[next], values[next]);
      next++;
      return entry;
    }
  }
}
