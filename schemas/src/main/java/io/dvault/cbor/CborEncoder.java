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
import java.math.BigInteger;

/** Values to bytes. */
final class CborEncoder {
  static final int TAG_CID = 42;

  private CborEncoder() {}

  static void write(CborValue value, CborOutput out, int depth) {
    out.countValue();
    switch (value) {
      case CborInt number -> writeInt(number.value(), out);
      case CborFloat number -> {
        out.write(0xfb);
        out.bigEndian(Double.doubleToRawLongBits(number.value()), 8);
      }
      case CborBytes bytes -> {
        out.head(2, bytes.length());
        bytes.writeTo(out);
      }
      case CborText text -> out.text(text.value());
      case CborBool bool -> out.write(bool.value() ? 0xf5 : 0xf4);
      case CborNull none -> out.write(0xf6);
      case CborLink link -> writeLink(link.cid(), out);
      case CborList list -> {
        int inside = deeper(depth);
        out.head(4, list.items().size());
        for (int i = 0; i < list.items().size(); i++) {
          write(list.items().get(i), out, inside);
        }
      }
      case CborMap map -> {
        int inside = deeper(depth);
        out.head(5, map.entries().size());
        SortedFields fields = map.fields();
        for (int i = 0; i < fields.size(); i++) {
          out.text(fields.key(i));
          write(fields.value(i), out, inside);
        }
      }
    }
  }

  private static int deeper(int depth) {
    if (depth == DagCbor.MAX_DEPTH) {
      throw new IllegalArgumentException("maps and lists nest more than " + DagCbor.MAX_DEPTH + " deep");
    }
    return depth + 1;
  }

  private static void writeInt(BigInteger value, CborOutput out) {
    // -1 - n is the complement of n, so the low 64 bits of either are the argument.
    boolean negative = value.signum() < 0;
    out.head(negative ? 1 : 0, negative ? value.not().longValue() : value.longValue());
  }

  private static void writeLink(Cid cid, CborOutput out) {
    out.head(6, TAG_CID);
    out.head(2, Cid.LENGTH + 1);
    out.write(0); // the identity multibase prefix that dag-cbor demands
    out.bytes(cid.toBytes());
  }
}
