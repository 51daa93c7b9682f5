package io.dvault.dag;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborLink;
import io.dvault.cbor.Cid;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a CAR v1 section by section, holds one block at a time, and yields only blocks that hash to the id beside them.
 * The stream stays the caller's to close. Source: IPLD CAR v1 specification; schemas/spec/car.md.
 */
public final class CarReader {
  static final int MAX_HEADER = 1 << 16;
  static final int MAX_ROOTS = 1024;

  private final InputStream in;
  private final CarLimits limits;
  private final List<Cid> roots;
  private long position;
  private long blocks;

  /** Reads the header. */
  public CarReader(InputStream in, CarLimits limits) throws IOException, MalformedCarException {
    this.in = in;
    this.limits = limits;
    this.roots = header();
  }

  public List<Cid> roots() {
    return roots;
  }

  /** Bytes read so far: the whole length once {@link #next} has returned empty. */
  public long position() {
    return position;
  }

  /** The next section, or empty at the end of the stream. */
  public Optional<CarSection> next() throws IOException, MalformedCarException {
    long start = position;
    Optional<Integer> length = length(Cid.LENGTH + Block.MAX_LENGTH);
    if (length.isEmpty()) {
      return Optional.empty();
    }
    if (length.get() < Cid.LENGTH) {
      throw new MalformedCarException(start, "section is shorter than a CID");
    }
    if (++blocks > limits.maxBlocks()) {
      throw new MalformedCarException(start, "more than " + limits.maxBlocks() + " blocks");
    }
    Cid cid = cid();
    long offset = position;
    Block block = Block.of(cid.codec(), exactly(length.get() - Cid.LENGTH));
    if (!block.cid().equals(cid)) {
      throw new MalformedCarException(offset, "bytes do not hash to " + cid);
    }
    return Optional.of(new CarSection(offset, block));
  }

  private List<Cid> header() throws IOException, MalformedCarException {
    int length = length(MAX_HEADER).orElseThrow(() -> new MalformedCarException(0, "empty"));
    try {
      MapReader header =
          MapReader.of(DagCbor.decode(exactly(length)), "CAR header", "version", "roots");
      header.requireInt("version", 1, 1);
      List<Cid> links = new ArrayList<>();
      for (CborValue root : header.requireList("roots", MAX_ROOTS)) {
        if (!(root instanceof CborLink link)) {
          throw header.fault("roots", "expected links");
        }
        links.add(link.cid());
      }
      return List.copyOf(links);
    } catch (MalformedCborException e) {
      throw new MalformedCarException(0, e.getMessage());
    }
  }

  private Cid cid() throws IOException, MalformedCarException {
    long start = position;
    try {
      return Cid.ofBytes(exactly(Cid.LENGTH));
    } catch (IllegalArgumentException e) {
      throw new MalformedCarException(start, e.getMessage());
    }
  }

  /** An unsigned LEB128 number in its shortest form; empty when the stream ends before its first byte. */
  private Optional<Integer> length(int max) throws IOException, MalformedCarException {
    long start = position;
    long value = 0;
    for (int shift = 0; shift < 28; shift += 7) { // four bytes hold more than any limit of ours
      int next = in.read();
      if (next < 0) {
        if (shift == 0) {
          return Optional.empty();
        }
        throw new MalformedCarException(position, "ends inside a length");
      }
      advance(1);
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new MalformedCarException(start, "length is not in its shortest form");
        }
        if (value > max) {
          throw new MalformedCarException(start, "length is over " + max);
        }
        return Optional.of((int) value);
      }
    }
    throw new MalformedCarException(start, "length is over " + max);
  }

  /** Reads as the bytes come: nothing is allocated because a length says so. */
  private byte[] exactly(int length) throws IOException, MalformedCarException {
    byte[] bytes = in.readNBytes(length);
    advance(bytes.length);
    if (bytes.length < length) {
      throw new MalformedCarException(position, "ends inside a section");
    }
    return bytes;
  }

  private void advance(int more) throws MalformedCarException {
    position += more;
    if (position > limits.maxBytes()) {
      throw new MalformedCarException(position, "more than " + limits.maxBytes() + " bytes");
    }
  }
}
