package io.dvault.model;

import java.time.Duration;
import java.time.Instant;

/** From {@code notBefore} (inclusive) to {@code notAfter} (exclusive), in whole seconds. */
public record Validity(Instant notBefore, Instant notAfter) {
  public Validity {
    if (notBefore.getNano() != 0 || notAfter.getNano() != 0) {
      throw new IllegalArgumentException(
          "validity is in whole seconds: " + notBefore + " to " + notAfter);
    }
    if (!notBefore.isBefore(notAfter)) {
      throw new IllegalArgumentException(
          "validity ends before it starts: " + notBefore + " to " + notAfter);
    }
  }

  public boolean contains(Instant instant) {
    return !instant.isBefore(notBefore) && instant.isBefore(notAfter);
  }

  public Duration length() {
    return Duration.between(notBefore, notAfter);
  }
}
