package io.dvault.trust;

/** Stops a verification; {@code code} is the diagnostic's. */
final class RefusedHead extends Exception {
  private static final long serialVersionUID = 1L;
  private final String code;

  RefusedHead(String code, String why) {
    super(why);
    this.code = code;
  }

  String code() {
    return code;
  }
}
