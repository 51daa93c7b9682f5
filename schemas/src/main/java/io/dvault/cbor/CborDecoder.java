package io.dvault.cbor;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes to values. A length in a head is believed only as far as bytes are there, so nothing is allocated from it; the
 * depth and the number of values are bounded; every head must be the shortest one.
 */
final class CborDecoder {
  /** Room at first: a count is believed only as far as values come. */
  private static final int FIRST_KEYS = 16;

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  private final byte[] bytes;
  private int at;
  private int values;

  CborDecoder(byte[] bytes) {
    this.bytes = bytes;
  }

  CborValue decode() throws MalformedCborException {
    if (bytes.length > DagCbor.MAX_LENGTH) {
      throw new MalformedCborException(0, "longer than " + DagCbor.MAX_LENGTH + " bytes");
    }
    CborValue value = value(0);
    if (at != bytes.length) {
      throw new MalformedCborException(at, "bytes after the value");
    }
    return value;
  }

  private CborValue value(int depth) throws MalformedCborException {
    int start = at;
    if (++values > DagCbor.MAX_VALUES) {
      throw new MalformedCborException(start, "more than " + DagCbor.MAX_VALUES + " values");
    }
    int initial = next();
    int info = initial & 31;
    return switch (initial >> 5) {
      case 0 -> new CborValue.CborInt(unsigned(argument(info, start)));
      case 1 -> new CborValue.CborInt(unsigned(argument(info, start)).not());
      case 2 -> {
        int length = length(info, start);
        at += length;
        yield CborValue.CborBytes.owning(Arrays.copyOfRange(bytes, at - length, at));
      }
      case 3 -> new CborValue.CborText(text(info, start));
      case 4 -> list(length(info, start), deeper(depth, start));
      case 5 -> map(length(info, start), deeper(depth, start));
      case 6 -> link(argument(info, start), start);
      default -> simple(initial, start);
    };
  }

  private int next() throws MalformedCborException {
    if (at == bytes.length) {
      throw new MalformedCborException(at, "ends too early");
    }
    return bytes[at++] & 0xff;
  }

  /** The head's argument as 64 unsigned bits, in its shortest form. */
  private long argument(int info, int start) throws MalformedCborException {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw new MalformedCborException(
          start, info == 31 ? "indefinite length" : "reserved length form");
    }
    int width = 1 << info - 24;
    long value = bigEndian(width);
    boolean shortest = switch (width) {
      case 1 -> value > 23;
      case 2 -> value > 0xff;
      case 4 -> value > 0xffff;
      default -> value < 0 || value > 0xffff_ffffL;
    };
    if (!shortest) {
      throw new MalformedCborException(start, "number is not in its shortest form");
    }
    return value;
  }

  private long bigEndian(int width) throws MalformedCborException {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  /** A length or count: each unit takes at least one byte, so more than the bytes left is a lie. */
  private int length(int info, int start) throws MalformedCborException {
    long length = argument(info, start);
    if (length < 0 || length > bytes.length - at) {
      throw new MalformedCborException(start, "ends too early");
    }
    return (int) length;
  }

  private static BigInteger unsigned(long bits) {
    BigInteger value = BigInteger.valueOf(bits);
    return bits < 0 ? value.add(TWO_64) : value;
  }

  private static int deeper(int depth, int start) throws MalformedCborException {
    if (depth == DagCbor.MAX_DEPTH) {
      throw new MalformedCborException(
          start, "maps and lists nest more than " + DagCbor.MAX_DEPTH + " deep");
    }
    return depth + 1;
  }

  private String text(int info, int start) throws MalformedCborException {
    int length = length(info, start);
    at += length;
    return Utf8.decode(bytes, at - length, length);
  }

  private CborValue list(int count, int depth) throws MalformedCborException {
    List<CborValue> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(value(depth));
    }
    return new CborValue.CborList(items);
  }

  private CborValue map(int count, int depth) throws MalformedCborException {
    String[] keys = new String[Math.min(count, FIRST_KEYS)];
    CborValue[] found = new CborValue[keys.length];
    int before = at;
    int lengthBefore = -1; // less than that of any key
    for (int i = 0; i < count; i++) {
      int start = at;
      int initial = next();
      if (initial >> 5 != 3) {
        throw new MalformedCborException(start, "map key is not text");
      }
      int length = length(initial & 31, start);
      String key = Utf8.decode(bytes, at, length);
      int order = lengthBefore != length
          ? Integer.compare(lengthBefore, length)
          : Arrays.compareUnsigned(bytes, before, before + length, bytes, at, at + length);
      if (order >= 0) {
        throw new MalformedCborException(
            start, "map key \"" + key + "\" " + (order == 0 ? "comes twice" : "is out of order"));
      }
      before = at;
      lengthBefore = length;
      at += length;
      if (i == keys.length) {
        keys = Arrays.copyOf(keys, Math.min(count, 2 * i));
        found = Arrays.copyOf(found, keys.length);
      }
      keys[i] = key;
      found[i] = value(depth);
    }
    return new CborValue.CborMap(SortedFields.ofSorted(keys, found, count));
  }

  private CborValue link(long tag, int start) throws MalformedCborException {
    if (tag != CborEncoder.TAG_CID) {
      throw new MalformedCborException(start, "only tag 42 is accepted");
    }
    int head = at;
    int initial = next();
    if (initial >> 5 != 2) {
      throw new MalformedCborException(head, "a link holds bytes");
    }
    int length = length(initial & 31, head);
    if (length == 0 || bytes[at] != 0) {
      throw new MalformedCborException(head, "a link starts with the identity multibase, 0x00");
    }
    at += length;
    try {
      return new CborValue.CborLink(Cid.ofBytes(Arrays.copyOfRange(bytes, at - length + 1, at)));
    } catch (IllegalArgumentException e) {
      throw new MalformedCborException(start, e.getMessage());
    }
  }

  private CborValue simple(int initial, int start) throws MalformedCborException {
    return switch (initial) {
      case 0xf4 -> new CborValue.CborBool(false);
      case 0xf5 -> new CborValue.CborBool(true);
      case 0xf6 -> CborValue.NULL;
      case 0xfb -> {
        double value = Double.longBitsToDouble(bigEndian(8));
        if (!Double.isFinite(value)) {
          throw new MalformedCborException(start, "NaN or infinity");
        }
        yield new CborValue.CborFloat(value);
      }
      case 0xf9, 0xfa -> throw new MalformedCborException(start, "a float is 64 bits wide");
      default ->
        throw new MalformedCborException(start, "simple value that dag-cbor does not have");
    };
  }
}
