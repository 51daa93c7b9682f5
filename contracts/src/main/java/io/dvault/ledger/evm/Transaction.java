package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/**
 * A transaction without ether: EIP-1559, or legacy with EIP-155 where the chain has no base fee. web3j's own encoder
 * wants the private key; ours may be in hardware.
 *
 * @param to empty to create a contract
 */
record Transaction(long chainId, long nonce, Fees fees, BigInteger gasLimit, Optional<EvmAddress> to, byte[] data) {
  private static final byte EIP_1559 = 2;

  /** Signed, ready to be sent, and the hash that it will be known by. */
  record Signed(Bytes32 hash, byte[] raw) {}

  Signed signed(EvmSigner signer) {
    return switch (fees) {
      case Fees.Dynamic(BigInteger tip, BigInteger most) -> {
        List<RlpType> fields = new ArrayList<>(List.of(number(chainId), number(nonce), RlpString.create(tip),
            RlpString.create(most), RlpString.create(gasLimit), recipient(), number(0), RlpString.create(data),
            new RlpList()));
        byte[] signature = signer.sign(Keccak.hash(new byte[] {EIP_1559}, rlp(fields)));
        addSignature(fields, signature, BigInteger.valueOf(signature[64] - 27));
        byte[] body = rlp(fields);
        byte[] raw = new byte[body.length + 1];
        raw[0] = EIP_1559;
        System.arraycopy(body, 0, raw, 1, body.length);
        yield new Signed(Keccak.hash(raw), raw);
      }
      case Fees.Legacy(BigInteger price) -> {
        List<RlpType> fields = new ArrayList<>(List.of(number(nonce), RlpString.create(price),
            RlpString.create(gasLimit), recipient(), number(0), RlpString.create(data)));
        List<RlpType> unsigned = new ArrayList<>(fields);
        unsigned.addAll(List.of(number(chainId), number(0), number(0)));
        byte[] signature = signer.sign(Keccak.hash(rlp(unsigned)));
        // EIP-155: v = chain id · 2 + 35 + parity
        addSignature(fields, signature, BigInteger.valueOf(chainId).shiftLeft(1).add(
            BigInteger.valueOf(35 + signature[64] - 27)));
        byte[] raw = rlp(fields);
        yield new Signed(Keccak.hash(raw), raw);
      }
    };
  }

  private static void addSignature(List<RlpType> fields, byte[] signature, BigInteger v) {
    fields.add(RlpString.create(v));
    fields.add(RlpString.create(new BigInteger(1, Arrays.copyOfRange(signature, 0, 32))));
    fields.add(RlpString.create(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64))));
  }

  private RlpType recipient() {
    return RlpString.create(to.map(EvmAddress::toArray).orElseGet(() -> new byte[0]));
  }

  // RLP has no leading zeros: zero is the empty string.
  private static RlpType number(long value) {
    return value == 0 ? RlpString.create(new byte[0]) : RlpString.create(BigInteger.valueOf(value));
  }

  private static byte[] rlp(List<RlpType> fields) {
    return RlpEncoder.encode(new RlpList(fields));
  }
}
