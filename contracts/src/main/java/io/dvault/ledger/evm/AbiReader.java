package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one ABI-encoded tuple strictly: values must fit their type and offsets stay inside, and nothing is allocated
 * for a length that the data cannot hold. web3j's decoder goes by reflection over classes that mirror every struct and
 * does not bound lengths. Source: Solidity ABI specification. Throws {@link Json.MalformedAnswer}.
 */
final class AbiReader {
  static final int WORD = 32;

  private final byte[] data;
  private final int base;

  /** @param base where the tuple begins; its offsets count from there */
  private AbiReader(byte[] data, int base) {
    this.data = data;
    this.base = base;
  }

  static AbiReader of(byte[] data) {
    return new AbiReader(data, 0);
  }

  /** Skips the selector of calldata or of a custom error. */
  static AbiReader afterSelector(byte[] data) {
    return of(Arrays.copyOfRange(data, Math.min(4, data.length), data.length));
  }

  Bytes32 bytes32(int slot) {
    return Bytes32.of(Arrays.copyOfRange(data, at(slot), at(slot) + WORD));
  }

  BigInteger uint256(int slot) {
    return new BigInteger(1, data, at(slot), WORD);
  }

  /** An unsigned number that Java holds: at most 63 bits, which every counter and time of ours fits. */
  long number(int slot) {
    BigInteger value = uint256(slot);
    if (value.bitLength() > 63) {
      throw new Json.MalformedAnswer("number out of range");
    }
    return value.longValue();
  }

  Instant time(int slot) {
    long seconds = number(slot);
    if (seconds > Instant.MAX.getEpochSecond()) {
      throw new Json.MalformedAnswer("time out of range");
    }
    return Instant.ofEpochSecond(seconds);
  }

  boolean bool(int slot) {
    BigInteger value = uint256(slot);
    if (value.bitLength() > 1) {
      throw new Json.MalformedAnswer("neither true nor false");
    }
    return value.signum() > 0;
  }

  EvmAddress address(int slot) {
    int at = at(slot);
    for (int i = at; i < at + WORD - EvmAddress.LENGTH; i++) {
      if (data[i] != 0) {
        throw new Json.MalformedAnswer("an address has only 20 bytes");
      }
    }
    return EvmAddress.of(Arrays.copyOfRange(data, at + WORD - EvmAddress.LENGTH, at + WORD));
  }

  byte[] bytes(int slot, int most) {
    AbiReader content = tuple(slot);
    int length = content.length(most);
    int from = content.base + WORD;
    if (length > data.length - from) {
      throw new Json.MalformedAnswer("the data ends too early");
    }
    return Arrays.copyOfRange(data, from, from + length);
  }

  /** The dynamic tuple whose offset is at {@code slot}. */
  AbiReader tuple(int slot) {
    return new AbiReader(data, base + offset(slot));
  }

  interface Element<T> {
    /** Reads element number {@code slot} of the array that {@code elements} stands at. */
    T read(AbiReader elements, int slot);
  }

  <T> List<T> list(int slot, int most, Element<T> element) {
    AbiReader array = tuple(slot);
    int length = array.length(most);
    AbiReader elements = new AbiReader(data, array.base + WORD);
    List<T> all = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      all.add(element.read(elements, i));
    }
    return List.copyOf(all);
  }

  private int length(int most) {
    long length = number(0);
    if (length > most) {
      throw new Json.MalformedAnswer("more than " + most + " elements");
    }
    return (int) length;
  }

  private int offset(int slot) {
    long offset = number(slot);
    if (offset > data.length - base) {
      throw new Json.MalformedAnswer("an offset points outside");
    }
    return (int) offset;
  }

  private int at(int slot) {
    long at = base + (long) slot * WORD;
    if (at + WORD > data.length) {
      throw new Json.MalformedAnswer("the data ends too early");
    }
    return (int) at;
  }
}
