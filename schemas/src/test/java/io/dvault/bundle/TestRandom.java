package io.dvault.bundle;

import java.security.SecureRandom;

/** The byte stream 00 01 02 … ff 00 …, so that a test or another implementation can repeat what was sealed. */
final class TestRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;
  private int next;

  TestRandom() {
    super(null, null); // no provider is asked, nothing seeds it
  }

  @Override
  public void nextBytes(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) next++;
    }
  }
}
