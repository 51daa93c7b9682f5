package io.dvault.cbor;

import io.dvault.cbor.CborValue.CborBool;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborNull;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one dag-cbor map with a known set of keys: a missing key, an unknown key and a value of another type or size
 * are refused with the place in the message ({@code VaultRoot.epoch: …}).
 */
public final class MapReader {
  /** Last second of the year 9999: past it, times no longer print as people know them. */
  public static final long MAX_SECONDS = 253_402_300_799L;

  private final CborMap map;
  private final String where;
  private final Collection<String> known;

  private MapReader(CborMap map, String where, Collection<String> known) {
    this.map = map;
    this.where = where;
    this.known = known;
  }

  /** A map that has each of {@code keys} and no other key; {@code where} names it in messages. */
  public static MapReader of(CborValue value, String where, String... keys)
      throws MalformedCborException {
    if (value instanceof CborMap map && map.entries().size() == keys.length && hasAll(map, keys)) {
      return new MapReader(map, where, Arrays.asList(keys));
    }
    return of(value, where, Set.of(keys), Set.of()); // which says what is wrong
  }

  private static boolean hasAll(CborMap map, String... keys) {
    for (String key : keys) {
      if (!map.entries().containsKey(key)) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #of(CborValue, String, String...)}, with keys that may be absent: ask {@link #has} first. */
  public static MapReader of(
      CborValue value, String where, Set<String> required, Set<String> optional)
      throws MalformedCborException {
    if (!(value instanceof CborMap map)) {
      throw new MalformedCborException(where + ": expected a map");
    }
    for (String key : required) {
      if (!map.entries().containsKey(key)) {
        throw new MalformedCborException(where + ": key \"" + key + "\" is missing");
      }
    }
    for (String key : map.entries().keySet()) {
      if (!required.contains(key) && !optional.contains(key)) {
        throw new MalformedCborException(where + ": unknown key \"" + key + "\"");
      }
    }
    Set<String> known = optional.isEmpty() ? required : union(required, optional);
    return new MapReader(map, where, known);
  }

  private static Set<String> union(Set<String> some, Set<String> more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(more);
    return all;
  }

  public boolean has(String key) {
    return known(key).entries().containsKey(key);
  }

  /** The value whatever its type. */
  public CborValue require(String key) throws MalformedCborException {
    CborValue value = known(key).entries().get(key);
    if (value == null) {
      throw fault(key, "missing");
    }
    return value;
  }

  /** A number from 0 to 2^63-1. */
  public long requireInt(String key) throws MalformedCborException {
    return requireInt(key, 0, Long.MAX_VALUE);
  }

  public long requireInt(String key, long min, long max) throws MalformedCborException {
    if (!(require(key) instanceof CborInt number)) {
      throw fault(key, "expected a whole number");
    }
    BigInteger value = number.value();
    if (value.bitLength() > 63 || value.longValue() < min || value.longValue() > max) {
      throw fault(key, "expected a number from " + min + " to " + max + ", got " + value);
    }
    return value.longValue();
  }

  /** Unix seconds, from 1970 to 9999. */
  public Instant requireInstant(String key) throws MalformedCborException {
    return Instant.ofEpochSecond(requireInt(key, 0, MAX_SECONDS));
  }

  public boolean requireBool(String key) throws MalformedCborException {
    if (require(key) instanceof CborBool bool) {
      return bool.value();
    }
    throw fault(key, "expected true or false");
  }

  /** Text of at most {@code maxLength} chars. */
  public String requireText(String key, int maxLength) throws MalformedCborException {
    if (!(require(key) instanceof CborText text)) {
      throw fault(key, "expected text");
    }
    if (text.value().length() > maxLength) {
      throw fault(key, "longer than " + maxLength + " characters");
    }
    return text.value();
  }

  /** Exactly {@code expected}, as versions and kinds of records are written. */
  public void requireText(String key, String expected) throws MalformedCborException {
    if (!requireText(key, Integer.MAX_VALUE).equals(expected)) {
      throw fault(key, "expected \"" + expected + "\"");
    }
  }

  /** At most {@code maxLength} bytes, owned by the caller. */
  public byte[] requireBytes(String key, int maxLength) throws MalformedCborException {
    return requireByteString(key, maxLength).value();
  }

  /** At most {@code maxLength} bytes as they were decoded, without a copy. */
  public CborBytes requireByteString(String key, int maxLength) throws MalformedCborException {
    if (!(require(key) instanceof CborBytes bytes)) {
      throw fault(key, "expected bytes");
    }
    if (bytes.length() > maxLength) {
      throw fault(key, "longer than " + maxLength + " bytes");
    }
    return bytes;
  }

  public Bytes32 requireBytes32(String key) throws MalformedCborException {
    CborBytes bytes = requireByteString(key, Bytes32.LENGTH);
    if (bytes.length() != Bytes32.LENGTH) {
      throw fault(key, "expected 32 bytes, got " + bytes.length());
    }
    return bytes.toBytes32();
  }

  public Cid requireLink(String key, Codec codec) throws MalformedCborException {
    return findLink(key, codec).orElseThrow(() -> fault(key, "expected a link"));
  }

  /** A link, or empty where null is written. */
  public Optional<Cid> findLink(String key, Codec codec) throws MalformedCborException {
    CborValue value = require(key);
    if (value instanceof CborNull) {
      return Optional.empty();
    }
    if (!(value instanceof CborLink link) || link.cid().codec() != codec) {
      throw fault(key, "expected a link to a " + codec + " block");
    }
    return Optional.of(link.cid());
  }

  public CborMap requireMap(String key) throws MalformedCborException {
    if (require(key) instanceof CborMap inner) {
      return inner;
    }
    throw fault(key, "expected a map");
  }

  /** A list of at most {@code maxSize} items. */
  public List<CborValue> requireList(String key, int maxSize) throws MalformedCborException {
    if (!(require(key) instanceof CborList list)) {
      throw fault(key, "expected a list");
    }
    if (list.items().size() > maxSize) {
      throw fault(key, "more than " + maxSize + " items");
    }
    return list.items();
  }

  /** An exception that names this map and {@code key}, for rules that the caller checks. */
  public MalformedCborException fault(String key, String why) {
    return new MalformedCborException(where + "." + key + ": " + why);
  }

  private CborMap known(String key) {
    if (!known.contains(key)) {
      throw new IllegalStateException(
          "key \"" + key + "\" of " + where + " was not declared to its reader");
    }
    return map;
  }
}
