package io.dvault.ledger;

import java.util.Arrays;

/** One approver's signature over the next head: 65 bytes (r, s, v) for a key, any bytes for an ERC-1271 contract. */
public record Approval(EvmAddress signer, byte[] signature) {
  public Approval {
    signature = signature.clone();
  }

  @Override
  public byte[] signature() {
    return signature.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Approval that
        && signer.equals(that.signer)
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return signer.hashCode();
  }
}
