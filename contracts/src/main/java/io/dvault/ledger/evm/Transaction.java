package io.dvault.ledger.evm;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.model.Bytes32;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign.SignatureData;
import org.web3j.crypto.TransactionEncoder;

/**
 * A transaction without ether: EIP-1559, or legacy with EIP-155 where the chain has no base fee.
 *
 * @param to empty to create a contract
 */
record Transaction(
    long chainId,
    long nonce,
    Fees fees,
    BigInteger gasLimit,
    Optional<EvmAddress> to,
    byte[] data) {

  /** Signed, ready to be sent, and the hash that it will be known by. */
  record Signed(Bytes32 hash, byte[] raw) {}

  /** Signs the digest alone, since the key may be in hardware; web3j's own way needs the key itself. */
  Signed signed(EvmSigner signer) {
    String recipient = to.map(EvmAddress::toString).orElse("");
    byte[] raw = switch (fees) {
      case Fees.Dynamic(BigInteger tip, BigInteger most) -> {
        RawTransaction transaction = RawTransaction.createTransaction(
            chainId,
            BigInteger.valueOf(nonce),
            gasLimit,
            recipient,
            BigInteger.ZERO,
            Hex.data(data),
            tip,
            most);
        SignatureData signature = signature(signer, TransactionEncoder.encode(transaction));
        yield TransactionEncoder.encode(transaction, signature);
      }
      case Fees.Legacy(BigInteger price) -> {
        RawTransaction transaction = RawTransaction.createTransaction(
            BigInteger.valueOf(nonce), price, gasLimit, recipient, BigInteger.ZERO, Hex.data(data));
        SignatureData signature =
            signature(signer, TransactionEncoder.encode(transaction, chainId));
        yield TransactionEncoder.encode(
            transaction, TransactionEncoder.createEip155SignatureData(signature, chainId));
      }
    };
    return new Signed(Keccak.hash(raw), raw);
  }

  private static SignatureData signature(EvmSigner signer, byte[] unsigned) {
    byte[] signature = signer.sign(Keccak.hash(unsigned));
    return new SignatureData(
        signature[64], Arrays.copyOfRange(signature, 0, 32), Arrays.copyOfRange(signature, 32, 64));
  }
}
