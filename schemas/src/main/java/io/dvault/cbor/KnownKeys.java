package io.dvault.cbor;

/**
 * Map keys that were read before: the blocks of a fleet have the same few a hundred thousand times, so each is made once.
 * What else was read only takes places here. Of keys, never of values: those may be secret.
 */
final class KnownKeys {
  private static final int LONGEST = 16;
  /** A power of two. Threads that race leave one or the other text here, and either is right. */
  private static final int PLACES = 1 << 9;
  private static final String[] KNOWN = new String[PLACES];

  private KnownKeys() {}

  /** As {@link Utf8#decode}. */
  static String decode(byte[] bytes, int from, int length) throws MalformedCborException {
    if (length > LONGEST) {
      return Utf8.decode(bytes, from, length);
    }
    int place = length;
    for (int i = from; i < from + length; i++) {
      place = 31 * place + bytes[i];
    }
    place = (place ^ place >>> 9) & PLACES - 1;
    String known = KNOWN[place];
    if (known == null || !isSame(known, bytes, from, length)) {
      known = Utf8.decode(bytes, from, length);
      KNOWN[place] = known;
    }
    return known;
  }

  /** Never for what is not ASCII: its bytes are negative, as no char is. */
  private static boolean isSame(String known, byte[] bytes, int from, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }
}
