package io.dvault.spi;

/** The material is not fit to be installed; the message says why and holds no secret. */
public final class InstallException extends Exception {
  private static final long serialVersionUID = 1L;

  public InstallException(String message) {
    super(message);
  }
}
