package io.dvault.cbor;

import io.dvault.cbor.CborValue.CborBool;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborFloat;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborNull;
import io.dvault.cbor.CborValue.CborText;
import java.util.List;

/**
 * How many bytes a value takes, and whether it keeps to the limits. Measured before anything is
 * written, no array has to
 * grow, so that nothing is copied and no part of a secret stays behind in an array that nobody wipes.
 */
final class CborLength {
  private int values;

  private CborLength() {}

  /**
   * Throws IllegalArgumentException for what is longer, deeper or more than {@link DagCbor} allows,
   * and for text with half
   * a surrogate pair.
   */
  static int of(CborValue value) {
    return (int) bounded(new CborLength().measure(value, 0));
  }

  /** Of a head with that argument, an unsigned number: 1, 2, 3, 5 or 9. */
  static int ofHead(long argument) {
    if (argument < 0) {
      return 9;
    }
    if (argument <= 23) {
      return 1;
    }
    return argument <= 0xff ? 2 : argument <= 0xffff ? 3 : argument <= 0xffff_ffffL ? 5 : 9;
  }

  private long measure(CborValue value, int depth) {
    if (++values > DagCbor.MAX_VALUES) {
      throw new IllegalArgumentException("more than " + DagCbor.MAX_VALUES + " values");
    }
    return switch (value) {
      case CborInt number -> ofHead(CborEncoder.argument(number.value()));
      case CborFloat number -> 1 + Double.BYTES;
      case CborBytes bytes -> ofString(bytes.length());
      case CborText text -> ofString(text.value());
      case CborBool bool -> 1;
      case CborNull none -> 1;
      case CborLink link -> ofHead(CborEncoder.TAG_CID) + ofString(Cid.LENGTH + 1);
      case CborList list -> list(list.items(), deeper(depth));
      case CborMap map -> map(map.fields(), deeper(depth));
    };
  }

  private static long ofString(int length) {
    return ofHead(length) + (long) length;
  }

  private static long ofString(String text) {
    return ofString(Utf8.length(text));
  }

  private long list(List<CborValue> items, int depth) {
    long sum = ofHead(items.size());
    for (int i = 0; i < items.size(); i++) {
      sum = bounded(sum + measure(items.get(i), depth));
    }
    return sum;
  }

  private long map(SortedFields fields, int depth) {
    long sum = ofHead(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      sum = bounded(sum + ofString(fields.key(i)) + measure(fields.value(i), depth));
    }
    return sum;
  }

  private static long bounded(long length) {
    if (length > DagCbor.MAX_LENGTH) {
      throw new IllegalArgumentException("value takes more than " + DagCbor.MAX_LENGTH + " bytes");
    }
    return length;
  }

  private static int deeper(int depth) {
    if (depth == DagCbor.MAX_DEPTH) {
      throw new IllegalArgumentException(
          "maps and lists nest more than " + DagCbor.MAX_DEPTH + " deep");
    }
    return depth + 1;
  }
}
