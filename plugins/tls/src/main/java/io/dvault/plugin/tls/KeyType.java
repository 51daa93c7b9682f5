package io.dvault.plugin.tls;

import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The keys that are made here, of authorities and of what they sign. */
enum KeyType {
  /** First, so the default: every TLS library and every browser takes it. */
  ECDSA_P256("ecdsa-p256", "ecdsa-sha2-nistp256"),
  ED25519("ed25519", "ssh-ed25519");

  /** As the YAML has it. */
  final String word;
  /** As OpenSSH and {@code enforce.keyTypes} have it. */
  final String openSshName;

  KeyType(String word, String openSshName) {
    this.word = word;
    this.openSshName = openSshName;
  }

  static List<String> words() {
    return Arrays.stream(values()).map(type -> type.word).toList();
  }

  /** Throws IllegalArgumentException for a word that is none. */
  static KeyType of(String word) {
    return Arrays.stream(values())
        .filter(type -> type.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a type of key: " + word));
  }

  /** What its signatures are called: RFC 5758 section 3.2 and RFC 8410 section 3, both without parameters. */
  AlgorithmIdentifier signature() {
    return new AlgorithmIdentifier(
        switch (this) {
          case ECDSA_P256 -> X9ObjectIdentifiers.ecdsa_with_SHA256;
          case ED25519 -> EdECObjectIdentifiers.id_Ed25519;
        });
  }
}
