package io.dvault.bundle;

/** An authentic plaintext that is not a payload; the message names fields and holds none of their contents. */
final class MalformedPayloadException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPayloadException(String reason) {
    super(reason);
  }
}
