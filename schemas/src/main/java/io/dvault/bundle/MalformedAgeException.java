package io.dvault.bundle;

/** An age file that breaks the format: in which part, and why. The message holds nothing of any key or plaintext. */
final class MalformedAgeException extends Exception {
  private static final long serialVersionUID = 1L;
  private final AgeFile.Part part;

  MalformedAgeException(AgeFile.Part part, String reason) {
    super(reason);
    this.part = part;
  }

  AgeFile.Part part() {
    return part;
  }
}
