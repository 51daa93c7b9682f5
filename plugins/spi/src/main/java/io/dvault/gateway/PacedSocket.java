package io.dvault.gateway;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A socket whose reads obey the {@link Pace} of the exchange under way; TLS is layered on top of it. */
final class PacedSocket extends Socket {
  private volatile Pace pace;
  private InputStream in;

  PacedSocket(Pace pace) {
    this.pace = pace;
  }

  void obey(Pace next) {
    pace = next;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    if (in == null) {
      in = new PacedStream(super.getInputStream());
    }
    return in;
  }

  private final class PacedStream extends FilterInputStream {
    PacedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      while (true) { // ends: every turn either reads or consumes time of the pace, which is bounded
        setSoTimeout(pace.millisLeft());
        try {
          int count = in.read(bytes, offset, length);
          pace.received(Math.max(count, 0));
          return count;
        } catch (SocketTimeoutException waited) {
          pace.millisLeft();
        }
      }
    }
  }
}
