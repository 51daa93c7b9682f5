package io.dvault.spi;

/** An authority's private key in use: in memory, or in hardware. Thread-safe. */
public interface AuthorityKey extends AutoCloseable {
  AuthorityView authority();

  /**
   * Signs as the type of authority does. ssh: the SSH signature blob (algorithm, signature) over
   * {@code message}; tls: the
   * signature as it stands in a certificate.
   */
  byte[] sign(byte[] message);

  @Override
  void close();
}
