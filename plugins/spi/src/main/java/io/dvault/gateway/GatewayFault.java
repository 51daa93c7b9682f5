package io.dvault.gateway;

import java.io.IOException;

/** One gateway did not give one block; the message is one line without the gateway's name and fit for a user. */
class GatewayFault extends IOException {
  private static final long serialVersionUID = 1L;

  GatewayFault(String message) {
    super(message);
  }

  /** What a gateway sends ends up before a person: no control characters, not long. */
  static String quoted(String text) {
    String safe = text.replaceAll("[^\\x20-\\x7e]", "?");
    return '"' + (safe.length() > 60 ? safe.substring(0, 60) + "…" : safe) + '"';
  }

  /** The gateway works and says that it does not have the block. */
  static final class Absent extends GatewayFault {
    private static final long serialVersionUID = 1L;

    Absent(String message) {
      super(message);
    }
  }

  /** No trustless gateway answers so, or nothing answers at all: to wait will hardly help. */
  static class Unfit extends GatewayFault {
    private static final long serialVersionUID = 1L;

    Unfit(String message) {
      super(message);
    }
  }

  /** The gateway works and does not answer such requests. */
  static final class NotServed extends Unfit {
    private static final long serialVersionUID = 1L;

    NotServed(String message) {
      super(message);
    }
  }
}
