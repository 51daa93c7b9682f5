package io.dvault.disk;

/**
 * The device's own bounds, or the state of its disk, forbid one entry: the code and why, nothing
 * secret. docs/requirements.md G11.
 */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  public RefusedException(String code, String why) {
    super(why);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
