package io.dvault.yaml;

/** Something that is not read here, but by whoever knows all of YAML. Tells nothing, and costs as much. */
public final class NotPlainException extends Exception {
  public static final NotPlainException NOT_PLAIN = new NotPlainException();
  private static final long serialVersionUID = 1L;

  private NotPlainException() {
    super(null, null, false, false);
  }
}
