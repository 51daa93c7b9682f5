package io.dvault.store.kubo;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.CarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** A CAR made while it is read: never more than a few blocks of it in memory. Each block once. */
final class CarStream extends InputStream {
  private static final int CHUNK = 1 << 16;
  private final Iterator<Block> rest;
  private final Set<Cid> seen = new HashSet<>();
  private final ByteArrayOutputStream made = new ByteArrayOutputStream(CHUNK);
  private final CarWriter writer;
  private byte[] ready;
  private int at;

  CarStream(List<Cid> roots, Collection<Block> blocks) {
    this.rest = blocks.iterator();
    try {
      this.writer = new CarWriter(made, roots);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    this.ready = made.toByteArray();
    made.reset();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == ready.length && !make()) {
      return -1;
    }
    int count = Math.min(length, ready.length - at);
    System.arraycopy(ready, at, into, offset, count);
    at += count;
    return count;
  }

  private boolean make() throws IOException {
    made.reset();
    while (made.size() < CHUNK && rest.hasNext()) {
      Block block = rest.next();
      if (seen.add(block.cid())) {
        writer.write(block);
      }
    }
    ready = made.toByteArray();
    at = 0;
    return ready.length > 0;
  }
}
