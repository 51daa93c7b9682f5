package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.EvmAddress;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.HexFormat;

/** Hex as Ethereum's JSON-RPC writes it: 0x and digits; quantities without, data with leading zeros. */
final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  static String quantity(long value) {
    return "0x" + Long.toHexString(value);
  }

  static String quantity(BigInteger value) {
    return "0x" + value.toString(16);
  }

  static String data(byte[] bytes) {
    return "0x" + FORMAT.formatHex(bytes);
  }

  static String data(Bytes32 bytes) {
    return "0x" + bytes.hex();
  }

  /** A block number, time, nonce or status: at most 63 bits. */
  static long parseQuantity(String text) {
    BigInteger value = parseBig(text);
    if (value.bitLength() > 63) {
      throw new Json.MalformedAnswer("number out of range");
    }
    return value.longValue();
  }

  static BigInteger parseBig(String text) {
    if (!text.matches("0x[0-9a-fA-F]{1,64}")) {
      throw new Json.MalformedAnswer("expected 0x and 1 to 64 hex digits");
    }
    return new BigInteger(text.substring(2), 16);
  }

  static byte[] parseData(String text) {
    if (!text.startsWith("0x")) {
      throw new Json.MalformedAnswer("expected hex data behind 0x");
    }
    try {
      return FORMAT.parseHex(text, 2, text.length());
    } catch (IllegalArgumentException e) {
      throw new Json.MalformedAnswer("not hex data: " + e.getMessage());
    }
  }

  static Bytes32 parseBytes32(String text) {
    byte[] bytes = parseData(text);
    if (bytes.length != Bytes32.LENGTH) {
      throw new Json.MalformedAnswer("expected 32 bytes, got " + bytes.length);
    }
    return Bytes32.of(bytes);
  }

  static EvmAddress parseAddress(String text) {
    byte[] bytes = parseData(text);
    if (bytes.length != EvmAddress.LENGTH) {
      throw new Json.MalformedAnswer("expected an address of 20 bytes, got " + bytes.length);
    }
    return EvmAddress.of(bytes);
  }
}
