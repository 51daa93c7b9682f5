package io.dvault.plugin.tls;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** RFC 7468. */
final class Pem {
  static final String CERTIFICATE = "CERTIFICATE";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  private static final int MOST_PARTS = 16;
  private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private Pem() {}

  /** In arrays that are wiped, but for the one that is returned. */
  static byte[] of(String type, byte[] der) {
    byte[] base64 = BASE64.encode(der);
    byte[] begin = ascii("-----BEGIN " + type + "-----\n");
    byte[] end = ascii("\n-----END " + type + "-----\n");
    try {
      return ByteBuffer.allocate(begin.length + base64.length + end.length)
          .put(begin)
          .put(base64)
          .put(end)
          .array();
    } finally {
      Arrays.fill(base64, (byte) 0);
    }
  }

  /** What a file with just these parts, in this order, holds; IllegalArgumentException never quotes the file. */
  static List<byte[]> read(byte[] file, String... types) {
    List<PemObject> parts = parts(file);
    requireTypes(parts, List.of(types));
    return parts.stream().map(PemObject::getContent).toList();
  }

  /** @param key in DER, to be wiped by who takes it */
  record Pair(byte[] key, byte[] certificate) {
    @Override
    public String toString() {
      return "Pair((sensitive))";
    }
  }

  /** A private key and a certificate, whichever comes first; IllegalArgumentException never quotes the file. */
  static Pair readPair(byte[] file) {
    List<PemObject> parts = new ArrayList<>(parts(file));
    parts.sort(Comparator.comparing(part -> !part.getType().equals(PRIVATE_KEY)));
    requireTypes(parts, List.of(PRIVATE_KEY, CERTIFICATE));
    return new Pair(parts.getFirst().getContent(), parts.getLast().getContent());
  }

  private static List<PemObject> parts(byte[] file) {
    List<PemObject> parts = new ArrayList<>();
    try (PemReader reader =
        new PemReader(new StringReader(new String(file, StandardCharsets.US_ASCII)))) {
      for (PemObject each = reader.readPemObject();
          each != null && parts.size() < MOST_PARTS;
          each = reader.readPemObject()) {
        parts.add(each);
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("not a PEM file");
    }
    return parts;
  }

  private static void requireTypes(List<PemObject> parts, List<String> types) {
    List<String> found = parts.stream().map(PemObject::getType).toList();
    if (!found.equals(types)) {
      parts.forEach(part -> Arrays.fill(part.getContent(), (byte) 0));
      throw new IllegalArgumentException("expected " + String.join(" and ", types)
          + " in PEM, found " + (found.isEmpty() ? "none" : String.join(", ", found)));
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
