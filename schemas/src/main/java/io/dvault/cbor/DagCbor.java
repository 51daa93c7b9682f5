package io.dvault.cbor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Encodes and decodes strict dag-cbor: one byte form per value, everything else refused. Source: IPLD dag-cbor. */
public final class DagCbor {
  /** dag-cbor's order of map keys: by length of the UTF-8 form, then bytewise. */
  public static final Comparator<String> KEY_ORDER = DagCbor::compareKeys;

  private DagCbor() {}

  private static int compareKeys(String left, String right) {
    byte[] a = left.getBytes(StandardCharsets.UTF_8);
    byte[] b = right.getBytes(StandardCharsets.UTF_8);
    return a.length != b.length ? Integer.compare(a.length, b.length) : Arrays.compareUnsigned(a, b);
  }
}
