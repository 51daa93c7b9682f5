package io.dvault.cbor;

/** The two block codecs that dVault accepts. Source: multicodec table. */
public enum Codec {
  RAW(0x55),
  DAG_CBOR(0x71);

  private final int code;

  Codec(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
