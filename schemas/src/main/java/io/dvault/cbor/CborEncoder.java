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

/** Values to bytes, once {@link CborLength} has measured them and held them against the limits. */
final class CborEncoder {
  static final int TAG_CID = 42;

  private CborEncoder() {}

  static void write(CborValue value, CborOutput out) {
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
        out.head(4, list.items().size());
        for (int i = 0; i < list.items().size(); i++) {
          write(list.items().get(i), out);
        }
      }
      case CborMap map -> {
        out.head(5, map.entries().size());
        SortedFields fields = map.fields();
        for (int i = 0; i < fields.size(); i++) {
          out.text(fields.key(i));
          write(fields.value(i), out);
        }
      }
    }
  }

  private static void writeInt(BigInteger value, CborOutput out) {
    out.head(value.signum() < 0 ? 1 : 0, argument(value));
  }

  /** The unsigned number that stands for {@code value} in its head. */
  static long argument(BigInteger value) {
    long low = value.longValue();
    return value.signum() < 0
        ? ~low
        : low; // -1 - n is the complement of n, so the low 64 bits of either are the argument
  }

  private static void writeLink(Cid cid, CborOutput out) {
    out.head(6, TAG_CID);
    out.head(2, Cid.LENGTH + 1);
    out.write(0); // the identity multibase prefix that dag-cbor demands
    out.bytes(cid.toBytes());
  }
}
