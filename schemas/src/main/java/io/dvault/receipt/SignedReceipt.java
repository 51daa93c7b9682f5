package io.dvault.receipt;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.crypto.Ed25519Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * A receipt with the device's Ed25519 signature (RFC 8032) over a fixed context and the receipt's dag-cbor. Immutable.
 * Source: schemas/spec/receipt.md.
 */
public final class SignedReceipt {
  /** Longest file form that is read, 1 MiB. */
  public static final int MAX_LENGTH = DagCbor.MAX_LENGTH;

  private static final byte[] CONTEXT = "dvault-receipt-v1\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SIGNATURE = 64;

  private final byte[] receipt;
  private final byte[] signature;
  private final Receipt value;

  private SignedReceipt(byte[] receipt, byte[] signature, Receipt value) {
    this.receipt = receipt;
    this.signature = signature;
    this.value = value;
  }

  public static SignedReceipt sign(Receipt receipt, Ed25519Key signer) {
    byte[] body = DagCbor.encode(receipt.toCbor());
    return new SignedReceipt(body, signer.sign(message(body)), receipt);
  }

  private static byte[] message(byte[] receipt) {
    return ByteBuffer.allocate(CONTEXT.length + receipt.length)
        .put(CONTEXT)
        .put(receipt)
        .array();
  }

  /** Reads the file form; nothing in it is to be believed before {@link #isBy}. */
  public static SignedReceipt decode(byte[] file) throws MalformedCborException {
    MapReader map = MapReader.of(DagCbor.decode(file), "SignedReceipt", "receipt", "signature");
    byte[] body = map.requireBytes("receipt", MAX_LENGTH);
    byte[] signature = map.requireBytes("signature", SIGNATURE);
    if (signature.length != SIGNATURE) {
      throw map.fault("signature", "expected 64 bytes, got " + signature.length);
    }
    return new SignedReceipt(body, signature, Receipt.ofCbor(DagCbor.decode(body)));
  }

  /** The file form: dag-cbor {@code {receipt: bytes, signature: bytes}}; owned by the caller. */
  public byte[] encode() {
    return DagCbor.encode(CborValue.of(
        Map.of("receipt", CborValue.of(receipt), "signature", CborValue.of(signature))));
  }

  /** What the file claims. */
  public Receipt claim() {
    return value;
  }

  /**
   * Whether {@code signer}, a public key of 32 bytes as the vault's registry or repository knows
   * it, made the signature.
   * docs/threat-model.md T34.
   */
  public boolean isBy(byte[] signer) {
    return Ed25519Key.verifies(signer, message(receipt), signature);
  }

  /**
   * The same with the key's text form, as in a device's YAML; throws IllegalArgumentException when
   * it is not base64.
   */
  public boolean isBy(String signer) {
    return isBy(Base64.getDecoder().decode(signer));
  }
}
