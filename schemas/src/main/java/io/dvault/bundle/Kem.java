package io.dvault.bundle;

import java.security.SecureRandom;

/**
 * A key encapsulation mechanism as HPKE uses it, RFC 9180 section 4. The two halves are separate, so that a private key
 * may stay in hardware.
 */
final class Kem {
  private Kem() {}

  /**
   * What a sender gets.
   *
   * @param enc for the recipient, public
   * @param secret 32 bytes, to be wiped by the receiver
   */
  record Encapsulated(byte[] enc, byte[] secret) {
    @Override
    public String toString() {
      return "Encapsulated((sensitive))";
    }
  }

  /** The sender's half. */
  interface PublicKey {
    Encapsulated encapsulate(SecureRandom random);
  }

  /** The recipient's half. */
  interface PrivateKey {
    /**
     * The shared secret of 32 bytes, to be wiped by the receiver.
     *
     * @throws MalformedAgeException for an {@code enc} that the mechanism refuses
     */
    byte[] decapsulate(byte[] enc) throws MalformedAgeException;
  }
}
