package io.dvault.enrolment;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.DagCbor;
import io.dvault.crypto.Ed25519Key;
import io.dvault.model.Names;
import io.dvault.model.VaultId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * A device that asks to be let in. {@code proof} is an Ed25519 signature (RFC 8032) by {@code signer} over {@link
 * #message}: it shows that whoever made the YAML holds the signer's key and meant this name, recipient and vault.
 * That the identity behind the recipient is held too shows at the first receipt. Source: schemas/spec/enrolment.md.
 *
 * @param recipient age recipient string, ASCII
 * @param signer base64 (RFC 4648 section 4, padded) of the 32 bytes of an Ed25519 public key
 */
public record DeviceEnrolment(VaultId vault, String name, String recipient, String signer) {
  private static final byte[] CONTEXT = "dvault-enrolment-v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY = 32;
  private static final int SIGNATURE = 64;

  public DeviceEnrolment {
    Names.require(name);
    decode(signer, KEY, "a signer"); // whether it is a point of the curve shows when it is used
  }

  /** The text form of a signer's public key of 32 bytes. */
  public static String signerText(byte[] publicKey) {
    return Base64.getEncoder().encodeToString(publicKey);
  }

  /**
   * Reads the text form, to 32 bytes; throws IllegalArgumentException for anything but canonical base64 of a point on
   * the curve.
   */
  public static byte[] parseSigner(String text) {
    byte[] key = decode(text, KEY, "a signer");
    if (!Ed25519Key.isPublicKey(key)) {
      throw new IllegalArgumentException("a signer is a point on the curve");
    }
    return key;
  }

  /** Checks the form of a proof; throws IllegalArgumentException for anything but canonical base64 of a signature. */
  public static void requireProof(String text) {
    decode(text, SIGNATURE, "a proof");
  }

  /**
   * What is signed: a fixed context, then dag-cbor {@code {v: 1, name, vault, signer, recipient}} (key and vault id
   * as bytes).
   */
  public byte[] message() {
    CborMap map = CborValue.of(Map.of(
        "v", CborValue.of(1),
        "vault", CborValue.of(vault.bytes().toArray()),
        "name", CborValue.of(name),
        "recipient", CborValue.of(recipient),
        "signer", CborValue.of(decode(signer, KEY, "a signer"))));
    byte[] body = DagCbor.encode(map);
    byte[] message = new byte[CONTEXT.length + body.length];
    System.arraycopy(CONTEXT, 0, message, 0, CONTEXT.length);
    System.arraycopy(body, 0, message, CONTEXT.length, body.length);
    return message;
  }

  /** Signs with the device's receipt key; throws IllegalArgumentException when it is not {@link #signer}'s. */
  public String prove(Ed25519Key key) {
    if (!signerText(key.publicKey()).equals(signer)) {
      throw new IllegalArgumentException("the key does not belong to the signer");
    }
    return Base64.getEncoder().encodeToString(key.sign(message()));
  }

  /**
   * Whether {@code proof} (base64 of 64 bytes) is the signer's over {@link #message}; false for any malformed text,
   * and a signer off the curve.
   */
  public boolean proves(String proof) {
    byte[] signature;
    try {
      signature = decode(proof, SIGNATURE, "a proof");
    } catch (IllegalArgumentException e) {
      return false;
    }
    return Ed25519Key.verifies(decode(signer, KEY, "a signer"), message(), signature);
  }

  private static byte[] decode(String text, int length, String what) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (bytes.length != length || !Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException(what + " is the base64 of " + length + " bytes");
    }
    return bytes;
  }
}
