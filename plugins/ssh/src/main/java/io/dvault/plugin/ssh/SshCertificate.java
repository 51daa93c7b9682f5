package io.dvault.plugin.ssh;

import io.dvault.crypto.Ed25519Key;
import io.dvault.model.Validity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** An OpenSSH certificate, as written by us and as read on the device. Source: OpenSSH PROTOCOL.certkeys. */
final class SshCertificate {
  /** User or host, with the number that stands in the certificate. */
  enum Type {
    USER(1),
    HOST(2);

    final int code;

    Type(int code) {
      this.code = code;
    }
  }

  /**
   * All that is signed but the nonce, the key and the CA.
   *
   * @param critical option name → value ({@code force-command}, {@code source-address})
   * @param extensions flags, {@code permit-pty}
   */
  record Terms(
      Type type,
      long serial,
      String keyId,
      List<String> principals,
      Validity validity,
      Map<String, String> critical,
      List<String> extensions) {}

  /** Signs {@code message} and returns an SSH signature blob. */
  interface Signer {
    byte[] sign(byte[] message);
  }

  private final byte[] blob;
  private final SshPublicKey subject;
  private final SshPublicKey authority;
  private final Terms terms;
  private final int signedLength;
  private final byte[] signature;

  private SshCertificate(
      byte[] blob,
      SshPublicKey subject,
      SshPublicKey authority,
      Terms terms,
      int signedLength,
      byte[] signature) {
    this.blob = blob;
    this.subject = subject;
    this.authority = authority;
    this.terms = terms;
    this.signedLength = signedLength;
    this.signature = signature;
  }

  /** Writes and signs; {@code nonce} is 32 random bytes against collisions. */
  static SshCertificate sign(
      SshPublicKey subject, Terms terms, byte[] nonce, SshPublicKey authority, Signer signer) {
    SshWriter body = new SshWriter(512)
        .string(subject.certificateType())
        .string(nonce)
        .raw(subject.fields())
        .uint64(terms.serial())
        .uint32(terms.type().code)
        .string(terms.keyId())
        .string(strings(terms.principals()))
        .uint64(terms.validity().notBefore().getEpochSecond())
        .uint64(terms.validity().notAfter().getEpochSecond())
        .string(options(terms.critical()))
        .string(flags(terms.extensions()))
        .string(new byte[0])
        .string(authority.blob());
    byte[] signed = body.toBytes();
    byte[] signature = signer.sign(signed);
    byte[] blob = new SshWriter(signed.length + Integer.BYTES + signature.length)
        .raw(signed)
        .string(signature)
        .toBytes();
    return new SshCertificate(blob, subject, authority, terms, signed.length, signature);
  }

  private static byte[] strings(List<String> values) {
    SshWriter writer = new SshWriter();
    values.forEach(writer::string);
    return writer.toBytes();
  }

  // PROTOCOL.certkeys: options are sorted by name, each once; the value of an option is a string
  // inside a string.
  private static byte[] options(Map<String, String> options) {
    SshWriter writer = new SshWriter();
    new TreeMap<>(options)
        .forEach((name, value) ->
            writer.string(name).string(new SshWriter().string(value).toBytes()));
    return writer.toBytes();
  }

  private static byte[] flags(List<String> names) {
    SshWriter writer = new SshWriter();
    names.stream().sorted().distinct().forEach(name -> writer.string(name).string(new byte[0]));
    return writer.toBytes();
  }

  /** Reads a certificate over an Ed25519 key; throws IllegalArgumentException for anything else. */
  static SshCertificate parse(byte[] blob) {
    SshReader reader = new SshReader(blob);
    String certificateType = reader.text();
    if (!certificateType.equals("ssh-ed25519-cert-v01@openssh.com")) {
      throw new IllegalArgumentException("not a certificate over an Ed25519 key");
    }
    reader.string();
    SshPublicKey subject = SshPublicKey.ofEd25519(reader.string());
    long serial = reader.uint64();
    Type type = type(reader.uint32());
    String keyId = reader.text();
    List<String> principals = readStrings(reader.string());
    Validity validity = new Validity(
        Instant.ofEpochSecond(reader.uint64()), Instant.ofEpochSecond(reader.uint64()));
    SortedMap<String, String> critical = readOptions(reader.string());
    List<String> extensions = List.copyOf(readOptions(reader.string()).keySet());
    reader.string();
    SshPublicKey authority = SshPublicKey.ofBlob(reader.string());
    int signedLength = reader.position();
    byte[] signature = reader.string();
    if (!reader.atEnd()) {
      throw new IllegalArgumentException("bytes follow the certificate");
    }
    Terms terms = new Terms(type, serial, keyId, principals, validity, critical, extensions);
    return new SshCertificate(blob.clone(), subject, authority, terms, signedLength, signature);
  }

  private static Type type(long code) {
    return switch ((int) code) {
      case 1 -> Type.USER;
      case 2 -> Type.HOST;
      default ->
        throw new IllegalArgumentException("neither a user nor a host certificate: type " + code);
    };
  }

  private static List<String> readStrings(byte[] packed) {
    List<String> values = new ArrayList<>();
    for (SshReader reader = new SshReader(packed); !reader.atEnd(); ) {
      values.add(reader.text());
    }
    return values;
  }

  private static SortedMap<String, String> readOptions(byte[] packed) {
    SortedMap<String, String> options = new TreeMap<>();
    for (SshReader reader = new SshReader(packed); !reader.atEnd(); ) {
      String name = reader.text();
      byte[] data = reader.string();
      options.put(name, data.length == 0 ? "" : new SshReader(data).text());
    }
    return options;
  }

  /** Whether {@link #authority()} made the signature; Ed25519 authorities only. */
  boolean signatureHolds() {
    byte[] key = authority
        .ed25519()
        .orElseThrow(() -> new IllegalArgumentException("the authority is not Ed25519"));
    SshReader reader = new SshReader(signature);
    if (!reader.text().equals(SshPublicKey.ED25519)) {
      return false;
    }
    return Ed25519Key.verifies(key, Arrays.copyOf(blob, signedLength), reader.string());
  }

  SshPublicKey subject() {
    return subject;
  }

  SshPublicKey authority() {
    return authority;
  }

  Terms terms() {
    return terms;
  }

  byte[] blob() {
    return blob.clone();
  }

  /** {@code type base64 keyId}, as a -cert.pub file has it. */
  String line() {
    return subject.certificateType() + " " + Base64.getEncoder().encodeToString(blob) + " "
        + terms.keyId() + "\n";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SshCertificate that && Arrays.equals(blob, that.blob);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(blob);
  }
}
