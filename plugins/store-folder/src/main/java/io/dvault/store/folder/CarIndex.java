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

  /** A block's bytes in the CAR: {@code length} of them from {@code offset}. */
  record Location(long offset, int length) {}

  record Entry(Cid cid, Location location) {
    static final Comparator<Entry> ORDER = (one, other) -> {
      int byDigest = one.cid().digest().compareTo(other.cid().digest());
      return byDigest != 0 ? byDigest : Integer.compare(one.cid().codec().code(), other.cid().codec().code());
    };
  }

  private final ByteBuffer bytes;
  private final int count;

  private CarIndex(ByteBuffer bytes, int count) {
    this.bytes = bytes;
    this.count = count;
  }

  /** The file's bytes; of entries with one CID the first in order of {@code entries} stays. */
  static ByteBuffer encode(List<Entry> entries, long carLength) {
    Entry[] sorted = sorted(entries);
    int count = dropRepeats(sorted);
    ByteBuffer out = ByteBuffer.allocate(Math.addExact(ENTRIES_AT + CRC, Math.multiplyExact(count, ENTRY)));
    out.put(MAGIC).putInt(VERSION).putInt(count).putLong(carLength);
    int[] fanOut = new int[256];
    for (int i = 0; i < count; i++) {
      fanOut[sorted[i].cid().digest().get(0)]++;
    }
    int sum = 0;
    for (int each : fanOut) {
      sum += each;
      out.putInt(sum);
    }
    for (int i = 0; i < count; i++) {
      Location location = sorted[i].location();
      out.put(sorted[i].cid().digest().toArray());
      out.putInt(sorted[i].cid().codec().code() << 24 | location.length()).putLong(location.offset());
    }
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.position());
    return out.putInt((int) crc.getValue()).flip();
  }

  /** Stable: counted out by first byte, as the file fans out, then each of these few by itself on all processors. */
  private static Entry[] sorted(List<Entry> entries) {
    int[] ends = new int[257];
    for (Entry entry : entries) {
      ends[entry.cid().digest().get(0) + 1]++;
    }
    Arrays.parallelPrefix(ends, Integer::sum);
    int[] next = ends.clone();
    Entry[] sorted = new Entry[entries.size()];
    for (Entry entry : entries) {
      sorted[next[entry.cid().digest().get(0)]++] = entry;
    }
    IntStream.range(0, 256).parallel().forEach(i -> Arrays.sort(sorted, ends[i], ends[i + 1], Entry.ORDER));
    return sorted;
  }

  private static int dropRepeats(Entry[] sorted) {
    int kept = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (kept == 0 || !sorted[i].cid().equals(sorted[kept - 1].cid())) {
        sorted[kept++] = sorted[i];
      }
    }
    return kept;
  }

  /** Reads the index of a CAR of {@code carLength} bytes; empty when it is another's, of another version, or damaged. */
  static Optional<CarIndex> decode(ByteBuffer bytes, long carLength) {
    int length = bytes.limit();
    byte[] magic = new byte[MAGIC.length];
    if (length < ENTRIES_AT + CRC) {
      return Optional.empty();
    }
    bytes.get(0, magic);
    long count = bytes.getInt(COUNT_AT);
    boolean ours = Arrays.equals(magic, MAGIC) && bytes.getInt(MAGIC.length) == VERSION
        && count >= 0 && ENTRIES_AT + count * ENTRY + CRC == length && bytes.getLong(CAR_LENGTH_AT) == carLength;
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
    while (low <= high) {
      int middle = low + high >>> 1;
      int order = compare(middle, key, cid.codec());
      if (order == 0) {
        return Optional.of(location(middle));
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
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
    return new Location(bytes.getLong(at + 36), Math.min(bytes.getInt(at + 32) & 0xffffff, Block.MAX_LENGTH));
  }
}
