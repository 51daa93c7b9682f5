package io.dvault.plugin.tls;

import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** What a certificate is for. RFC 5280 4.2.1.12. */
enum Usage {
  SERVER("server", KeyPurposeId.id_kp_serverAuth),
  CLIENT("client", KeyPurposeId.id_kp_clientAuth);

  static final List<String> ALL = List.of(SERVER.word, CLIENT.word);

  /** As the YAML has it. */
  final String word;

  final KeyPurposeId purpose;

  Usage(String word, KeyPurposeId purpose) {
    this.word = word;
    this.purpose = purpose;
  }

  /** The word of a purpose, or its object identifier. */
  static String word(KeyPurposeId purpose) {
    for (Usage each : values()) {
      if (each.purpose.equals(purpose)) {
        return each.word;
      }
    }
    return purpose.getId();
  }

  /** Throws IllegalArgumentException for a word that is none. */
  static Usage of(String word) {
    for (Usage each : values()) {
      if (each.word.equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("not a usage: " + word);
  }
}
