package io.dvault.store.folder;

import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/**
 * Where the blocks of one CAR lie, sorted by digest, over a mapped file: nothing of it is on the heap. Fixed-size
 * entries behind a fan-out by the digest's first byte, as in git's pack index. Source: schemas/spec/folder-store.md.
 */
final class CarIndex {
  private static final byte[] MAGIC = "dvaultix".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int COUNT_AT = 12;
  private static final int CAR_LENGTH_AT = 16;
  private static final int FAN_OUT_AT = 24;
  private static final int ENTRIES_AT = FAN_OUT_AT + 256 * 4;
  private static final int ENTRY = 32 + 4 + 8;
  private static final int CRC = 4;
  /** A hundred thousand blocks take two or three; what somebody made uneven takes steps of a half then. */
  private static final int MOST_GUESSES = 6;

  /** A block's bytes in the CAR: {@code length} of them from {@code offset}. */
  record Location(long offset, int length) {}

  record Entry(Cid cid, Location location) {
    static final Comparator<Entry> ORDER = (one, other) -> {
      int byDigest = one.cid().digest().compareTo(other.cid().digest());
      return byDigest != 0
          ? byDigest
          : Integer.compare(one.cid().codec().code(), other.cid().codec().code());
    };
  }

  private final ByteBuffer bytes;
  private final int count;

  private CarIndex(ByteBuffer bytes, int count) {
    this.bytes = bytes;
    this.count = count;
  }

  /**
   * The file's bytes; of entries with one CID the first in order of {@code entries} stays. Counted
   * out by first byte, as
   * the file fans out, then each of these few sorted and written by itself on all processors.
   */
  static ByteBuffer encode(List<Entry> entries, long carLength) {
    int[] begins = begins(entries);
    Entry[] sorted = countedOut(entries, begins);
    int[] counts = IntStream.range(0, 256)
        .parallel()
        .map(i -> sort(sorted, begins[i], begins[i + 1]))
        .toArray();
    int[] fanOut = counts.clone();
    Arrays.parallelPrefix(fanOut, Integer::sum);
    int count = fanOut[255];
    ByteBuffer out =
        ByteBuffer.allocate(Math.addExact(ENTRIES_AT + CRC, Math.multiplyExact(count, ENTRY)));
    out.put(MAGIC).putInt(VERSION).putInt(count).putLong(carLength);
    Arrays.stream(fanOut).forEach(out::putInt);
    IntStream.range(0, 256).parallel().forEach(i -> {
      ByteBuffer part = out.duplicate().position(ENTRIES_AT + ENTRY * (fanOut[i] - counts[i]));
      for (int j = begins[i]; j < begins[i] + counts[i]; j++) {
        write(sorted[j], part);
      }
    });
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.limit() - CRC);
    return out.putInt(out.limit() - CRC, (int) crc.getValue()).rewind();
  }

  private static void write(Entry entry, ByteBuffer out) {
    out.put(entry.cid().digest().toArray());
    out.putInt(entry.cid().codec().code() << 24 | entry.location().length())
        .putLong(entry.location().offset());
  }

  /** Where the entries of each first byte begin, and the end of all. */
  private static int[] begins(List<Entry> entries) {
    int[] begins = new int[257];
    for (Entry entry : entries) {
      begins[entry.cid().digest().get(0) + 1]++;
    }
    Arrays.parallelPrefix(begins, Integer::sum);
    return begins;
  }

  private static Entry[] countedOut(List<Entry> entries, int[] begins) {
    int[] next = begins.clone();
    Entry[] counted = new Entry[entries.size()];
    for (Entry entry : entries) {
      counted[next[entry.cid().digest().get(0)]++] = entry;
    }
    return counted;
  }

  /**
   * Sorts from {@code begin} to {@code end}, stable, and moves the first of each CID to the front;
   * how many these are.
   */
  private static int sort(Entry[] entries, int begin, int end) {
    Arrays.sort(entries, begin, end, Entry.ORDER);
    int kept = begin;
    for (int i = begin; i < end; i++) {
      if (kept == begin || !entries[i].cid().equals(entries[kept - 1].cid())) {
        entries[kept++] = entries[i];
      }
    }
    return kept - begin;
  }

  /**
   * Reads the index of a CAR of {@code carLength} bytes; empty when it is another's, of another
   * version, or damaged.
   */
  static Optional<CarIndex> decode(ByteBuffer bytes, long carLength) {
    int length = bytes.limit();
    byte[] magic = new byte[MAGIC.length];
    if (length < ENTRIES_AT + CRC) {
      return Optional.empty();
    }
    bytes.get(0, magic);
    long count = bytes.getInt(COUNT_AT);
    boolean ours = Arrays.equals(magic, MAGIC)
        && bytes.getInt(MAGIC.length) == VERSION
        && count >= 0
        && ENTRIES_AT + count * ENTRY + CRC == length
        && bytes.getLong(CAR_LENGTH_AT) == carLength;
    if (!ours) {
      return Optional.empty();
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, length - CRC));
    return (int) crc.getValue() == bytes.getInt(length - CRC)
        ? Optional.of(new CarIndex(bytes, (int) count))
        : Optional.empty();
  }

  int count() {
    return count;
  }

  Optional<Location> find(Cid cid) {
    ByteBuffer key = ByteBuffer.wrap(cid.toBytes(), 4, 32).slice();
    int first = key.get(0) & 0xff;
    int low = first == 0 ? 0 : bytes.getInt(FAN_OUT_AT + 4 * (first - 1));
    int high = bytes.getInt(FAN_OUT_AT + 4 * first) - 1;
    long size = high - low + 1L;
    long sought = behindFirst(key.getLong(0));
    int at = low + (int) (sought * size >>> Integer.SIZE);
    for (int guesses = 1; low <= high; guesses++) {
      int order = compare(at, key, cid.codec());
      if (order == 0) {
        return Optional.of(location(at));
      }
      if (order < 0) {
        low = at + 1;
      } else {
        high = at - 1;
      }
      long off = sought - behindFirst(bytes.getLong(ENTRIES_AT + at * ENTRY));
      at = guesses < MOST_GUESSES
          ? (int) Math.max(low, Math.min(high, at + (off * size >> Integer.SIZE)))
          : low + high >>> 1;
    }
    return Optional.empty();
  }

  /** The four bytes behind the first: digests are even over them, so that they tell about where one stands. */
  private static long behindFirst(long digest) {
    return digest >>> 24 & 0xffff_ffffL;
  }

  private int compare(int entry, ByteBuffer key, Codec codec) {
    int at = ENTRIES_AT + entry * ENTRY;
    for (int i = 0; i < 32; i += 8) {
      int order = Long.compareUnsigned(bytes.getLong(at + i), key.getLong(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(bytes.get(at + 32) & 0xff, codec.code());
  }

  private Location location(int entry) {
    int at = ENTRIES_AT + entry * ENTRY;
    return new Location(
        bytes.getLong(at + 36), Math.min(bytes.getInt(at + 32) & 0xffffff, Block.MAX_LENGTH));
  }
}
