package io.dvault.http;

import java.io.IOException;

/** There is no whole answer; the message is one printable line without the server's address. */
public abstract sealed class HttpFailure extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_MESSAGE = 120;

  private HttpFailure(String message) {
    super(printable(message));
  }

  /** No address belongs to the host's name. */
  public static final class UnknownHost extends HttpFailure {
    private static final long serialVersionUID = 1L;

    UnknownHost() {
      super("host name not found");
    }
  }

  /** No connection came about: nothing listens, or no route leads there. */
  public static final class Refused extends HttpFailure {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** The connection, the answer's headers or its last byte did not come in time. */
  public static final class TimedOut extends HttpFailure {
    private static final long serialVersionUID = 1L;

    TimedOut(String message) {
      super(message);
    }
  }

  /** The body came below the minimum pace. */
  public static final class TooSlow extends HttpFailure {
    private static final long serialVersionUID = 1L;

    TooSlow(int bytes, long millis) {
      super("too slow: " + bytes + " bytes in " + millis + " ms");
    }
  }

  /** The body is longer than allowed; nothing of it was kept. */
  public static final class TooLarge extends HttpFailure {
    private static final long serialVersionUID = 1L;

    TooLarge(int most) {
      super("sent more than " + most + " bytes");
    }
  }

  /** No TLS session with a certificate that is trusted for this host. */
  public static final class Tls extends HttpFailure {
    private static final long serialVersionUID = 1L;

    Tls(String message) {
      super(message);
    }
  }

  /** The connection ended before the answer began. */
  public static final class NoAnswer extends HttpFailure {
    private static final long serialVersionUID = 1L;

    NoAnswer() {
      super("closed the connection without an answer");
    }
  }

  /** The answer broke off or is not valid HTTP/1.1. */
  public static final class Broken extends HttpFailure {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  /** A server's words may end up on a terminal. */
  private static String printable(String text) {
    String safe = text.replaceAll("[^\\x20-\\x7e]", "?");
    return safe.length() > MAX_MESSAGE ? safe.substring(0, MAX_MESSAGE) + "…" : safe;
  }
}
