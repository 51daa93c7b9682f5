package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.DagCbor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Writes a CAR v1 block by block and says where each one went, for an index. Give it a buffered stream; the stream
 * stays the caller's to flush and close. Source: IPLD CAR v1 specification; schemas/spec/car.md.
 */
public final class CarWriter {
  private final OutputStream out;
  private long position;

  /** Writes the header with 0 to 1,024 {@code roots}. */
  public CarWriter(OutputStream out, List<Cid> roots) throws IOException {
    this.out = out;
    byte[] header = header(roots);
    length(header.length);
    write(header);
  }

  private static byte[] header(List<Cid> roots) {
    if (roots.size() > CarReader.MAX_ROOTS) {
      throw new IllegalArgumentException(
          "a CAR has at most " + CarReader.MAX_ROOTS + " roots, got " + roots.size());
    }
    return DagCbor.encode(CborValue.of(Map.of(
        "version", CborValue.of(1),
        "roots", CborValue.of(roots.stream().map(CborValue::of).toList()))));
  }

  /** Bytes before the first block. */
  public static long headerLength(List<Cid> roots) {
    return framed(header(roots).length);
  }

  /** Bytes that a block of {@code length} bytes takes. */
  public static long sectionLength(int length) {
    return framed(Cid.LENGTH + length);
  }

  private static long framed(int length) {
    int septets = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 6) / 7);
    return septets + (long) length;
  }

  /** Appends {@code block}. */
  public CarSection write(Block block) throws IOException {
    return new CarSection(write(block.cid(), block.bytes()), block);
  }

  /** Appends bytes under an id that they need not hash to, as damaged ones do not; returns their offset. */
  public long write(Cid cid, byte[] bytes) throws IOException {
    length(Cid.LENGTH + bytes.length);
    write(cid.toBytes());
    long offset = position;
    write(bytes);
    return offset;
  }

  /** Bytes written so far: the CAR's length when no block follows. */
  public long position() {
    return position;
  }

  /** Unsigned LEB128. */
  private void length(int length) throws IOException {
    byte[] bytes = new byte[5];
    int count = 0;
    int rest = length;
    while (rest >= 0x80) {
      bytes[count++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    bytes[count++] = (byte) rest;
    out.write(bytes, 0, count);
    position += count;
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    position += bytes.length;
  }
}
