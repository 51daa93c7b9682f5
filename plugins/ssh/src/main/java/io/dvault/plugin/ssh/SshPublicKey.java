package io.dvault.plugin.ssh;

import io.dvault.model.Bytes32;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** An OpenSSH public key: its type and its blob (RFC 4253 6.6). */
final class SshPublicKey {
  static final String ED25519 = "ssh-ed25519";
  private static final int LONGEST_BLOB = 8 * 1024;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");
  private static final int SHORTEST_RSA_MODULUS = 2048 / Byte.SIZE;
  /** Key types that sshd takes today, and the type of their certificates. DSA is gone from OpenSSH. */
  private static final Map<String, String> CERTIFICATE_TYPES = Map.of(
      ED25519,
      "ssh-ed25519-cert-v01@openssh.com",
      "ecdsa-sha2-nistp256",
      "ecdsa-sha2-nistp256-cert-v01@openssh.com",
      "ecdsa-sha2-nistp384",
      "ecdsa-sha2-nistp384-cert-v01@openssh.com",
      "ecdsa-sha2-nistp521",
      "ecdsa-sha2-nistp521-cert-v01@openssh.com",
      "ssh-rsa",
      "ssh-rsa-cert-v01@openssh.com",
      "sk-ssh-ed25519@openssh.com",
      "sk-ssh-ed25519-cert-v01@openssh.com",
      "sk-ecdsa-sha2-nistp256@openssh.com",
      "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com");

  private final String type;
  private final byte[] blob;
  private final String comment;

  private SshPublicKey(String type, byte[] blob, String comment) {
    this.type = type;
    this.blob = blob;
    this.comment = comment;
  }

  /** Reads a blob; throws IllegalArgumentException with a reason fit for a user. */
  static SshPublicKey ofBlob(byte[] blob) {
    return ofBlob(blob, "");
  }

  static SshPublicKey ofEd25519(byte[] publicKey) {
    return ofBlob(new SshWriter().string(ED25519).string(publicKey).toBytes());
  }

  /** Reads one line {@code type base64 [comment]}; throws IllegalArgumentException with a reason fit for a user. */
  static SshPublicKey parse(String line) {
    String[] words = line.strip().split("[ \\t]+", 3);
    if (words.length < 2) {
      throw new IllegalArgumentException(
          "expected \"type base64 [comment]\", as a .pub file has it");
    }
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(words[1]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the second word is not base64", e);
    }
    SshPublicKey key = ofBlob(blob, words.length == 3 ? words[2] : "");
    if (!key.type.equals(words[0])) {
      throw new IllegalArgumentException(
          "the line says " + words[0] + " but the key is " + key.type);
    }
    return key;
  }

  private static SshPublicKey ofBlob(byte[] blob, String comment) {
    if (blob.length > LONGEST_BLOB) {
      throw new IllegalArgumentException("longer than any key: " + blob.length + " bytes");
    }
    SshReader reader = new SshReader(blob);
    String type = reader.text();
    if (!CERTIFICATE_TYPES.containsKey(type)) {
      throw new IllegalArgumentException(
          "key type \"" + printable(type) + "\" is not one that sshd takes");
    }
    checkFields(type, reader);
    return new SshPublicKey(type, blob.clone(), printable(comment));
  }

  private static void checkFields(String type, SshReader reader) {
    switch (type) {
      case ED25519 -> requireLength(reader.string(), Bytes32.LENGTH);
      case "ssh-rsa" -> {
        reader.string();
        if (reader.string().length < SHORTEST_RSA_MODULUS) {
          throw new IllegalArgumentException("an RSA key needs at least 2,048 bits");
        }
      }
      default -> reader.rest();
    }
    if (!reader.atEnd()) {
      throw new IllegalArgumentException("bytes follow the key");
    }
  }

  private static void requireLength(byte[] field, int length) {
    if (field.length != length) {
      throw new IllegalArgumentException(
          "an Ed25519 key has " + length + " bytes, this one " + field.length);
    }
  }

  private static String printable(String text) {
    return text.isEmpty() ? text : UNPRINTABLE.matcher(text).replaceAll("?");
  }

  String type() {
    return type;
  }

  byte[] blob() {
    return blob.clone();
  }

  /** Printable ASCII, possibly empty. */
  String comment() {
    return comment;
  }

  /** The raw key, when this is Ed25519. */
  Optional<byte[]> ed25519() {
    if (!type.equals(ED25519)) {
      return Optional.empty();
    }
    SshReader reader = new SshReader(blob);
    reader.string();
    return Optional.of(reader.string());
  }

  String certificateType() {
    return CERTIFICATE_TYPES.get(type);
  }

  /** The fields of the blob after its type, as they stand in a certificate. */
  byte[] fields() {
    SshReader reader = new SshReader(blob);
    reader.string();
    return reader.rest();
  }

  /** {@code SHA256:} and base64 without padding, as ssh-keygen -l prints it. */
  String fingerprint() {
    return "SHA256:"
        + Base64.getEncoder()
            .withoutPadding()
            .encodeToString(Bytes32.sha256(blob).toArray());
  }

  /** {@code type base64}, without the comment. */
  String line() {
    return type + " " + Base64.getEncoder().encodeToString(blob);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshPublicKey that && Arrays.equals(blob, that.blob);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(blob);
  }

  @Override
  public String toString() {
    return type + " " + fingerprint();
  }
}
