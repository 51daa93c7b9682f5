package io.dvault.demo;

/** The demo expected to see something and did not; the message says what, and what was seen instead. */
final class DemoFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }
}
