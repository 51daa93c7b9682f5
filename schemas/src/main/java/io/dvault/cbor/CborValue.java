package io.dvault.cbor;

import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The IPLD data model as dag-cbor carries it. Source: IPLD dag-cbor specification. */
@SuppressWarnings("ClassInitializationDeadlock") // CborNull has no static state
public sealed interface CborValue {

  /** From -2^64 to 2^64-1. */
  record CborInt(BigInteger value) implements CborValue {
    private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger MIN = BigInteger.ONE.shiftLeft(64).negate();

    public CborInt {
      if (value.compareTo(MIN) < 0 || value.compareTo(MAX) > 0) {
        throw new IllegalArgumentException("integer does not fit dag-cbor: " + value);
      }
    }
  }

  /** Always 64 bits wide; NaN and infinities do not exist in dag-cbor. */
  record CborFloat(double value) implements CborValue {
    public CborFloat {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("dag-cbor has no " + value);
      }
    }
  }

  /** Bytes, copied in and out; ordered bytewise, unsigned. */
  final class CborBytes implements CborValue, Comparable<CborBytes> {
    private final byte[] value;

    public CborBytes(byte[] value) {
      this(value.clone(), true);
    }

    @SuppressWarnings("UnusedVariable") // tells the constructors apart
    private CborBytes(byte[] value, boolean owned) {
      this.value = value;
    }

    /** Without a copy: {@code value} belongs to it from then on. */
    static CborBytes owning(byte[] value) {
      return new CborBytes(value, true);
    }

    public byte[] value() {
      return value.clone();
    }

    public int length() {
      return value.length;
    }

    /** Throws IllegalArgumentException when these are not 32 bytes. */
    public Bytes32 toBytes32() {
      return Bytes32.of(value);
    }

    /** SHA-256 of the bytes. */
    public Bytes32 sha256() {
      return Bytes32.sha256(value);
    }

    /** Appends the bytes to {@code out}: for the encoder, without a copy. */
    void writeTo(CborOutput out) {
      out.bytes(value);
    }

    @Override
    public int compareTo(CborBytes other) {
      return Arrays.compareUnsigned(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof CborBytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "bytes(" + value.length + ")"; // may be key material: never printed
    }
  }

  record CborText(String value) implements CborValue {}

  record CborBool(boolean value) implements CborValue {}

  record CborNull() implements CborValue {}

  record CborLink(Cid cid) implements CborValue {}

  record CborList(List<CborValue> items) implements CborValue {
    public CborList {
      items = List.copyOf(items);
    }
  }

  /** Text keys only, kept in dag-cbor's order: shorter first, then by bytes. */
  record CborMap(Map<String, CborValue> entries) implements CborValue {
    public CborMap {
      entries = entries instanceof SortedFields sorted ? sorted : SortedFields.of(entries);
    }

    /** The field {@code keys[i]} is {@code values[i]}; throws IllegalArgumentException for keys in another order. */
    public static CborMap inOrder(List<String> keys, CborValue... values) {
      return new CborMap(SortedFields.inOrder(keys, values));
    }

    public Optional<CborValue> find(String key) {
      return Optional.ofNullable(entries.get(key));
    }

    /** This map with one field more; throws IllegalArgumentException when it has that field. */
    public CborMap with(String key, CborValue value) {
      return new CborMap(fields().with(key, value));
    }

    SortedFields fields() {
      return (SortedFields) entries;
    }
  }

  CborNull NULL = new CborNull();

  /** Overwrites every byte string in here, for who owns a decoded secret and nothing else of it; texts stay. */
  default void wipe() {
    switch (this) {
      case CborBytes bytes -> Arrays.fill(bytes.value, (byte) 0);
      case CborList list -> list.items().forEach(CborValue::wipe);
      case CborMap map -> map.entries().values().forEach(CborValue::wipe);
      case CborInt number -> {}
      case CborFloat number -> {}
      case CborText text -> {}
      case CborBool bool -> {}
      case CborNull none -> {}
      case CborLink link -> {}
    }
  }

  static CborInt of(long value) {
    return new CborInt(BigInteger.valueOf(value));
  }

  static CborText of(String value) {
    return new CborText(value);
  }

  static CborBytes of(byte[] value) {
    return new CborBytes(value);
  }

  static CborBool of(boolean value) {
    return new CborBool(value);
  }

  static CborLink of(Cid value) {
    return new CborLink(value);
  }

  static CborList of(List<? extends CborValue> items) {
    return new CborList(List.copyOf(items));
  }

  static CborMap of(Map<String, CborValue> entries) {
    return new CborMap(entries);
  }
}
