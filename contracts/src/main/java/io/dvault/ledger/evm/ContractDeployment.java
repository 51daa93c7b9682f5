package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.BlockStamp;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.LedgerRef;
import java.math.BigInteger;
import java.util.Optional;
import org.web3j.crypto.ContractUtils;

/**
 * The contract on a chain, and what it cost to put it there.
 *
 * @param readAt the block of the deployment, or at which the contract was found
 * @param gasUsed 0 when the contract was already deployed
 */
public record ContractDeployment(
    LedgerRef ref, BlockStamp readAt, long gasUsed, boolean alreadyThere) {

  /**
   * Deploys the published bytecode with the key {@code gas}. When this key's first contract on the chain already is
   * that code (a devnet that was started before), that one is taken: a rerun changes nothing. Throws
   * {@link io.dvault.model.DiagnosticException} (DV603) for a devnet key on a real chain.
   */
  public static ContractDeployment deploy(EndpointSettings settings, EvmSigner gas) {
    long chainId = EvmLedger.chainId(settings);
    EvmKeys.refuseDevnetKey(gas.address(), chainId, settings);
    ContractArtifact artifact = ContractArtifact.load();
    LedgerRef first = new LedgerRef(
        chainId,
        EvmAddress.of(
            ContractUtils.generateContractAddress(gas.address().toArray(), BigInteger.ZERO)));
    try (Failover rpc = Failover.of(settings, chainId)) {
      ChainReader there = new ChainReader(rpc, first);
      if (there.findCode().filter(code -> artifact.matches(code, first)).isPresent()) {
        return new ContractDeployment(first, there.latestBlock(), 0, true);
      }
      TransactionSender sender =
          new TransactionSender(rpc, chainId, gas, TransactionSender.Patience.DEFAULT);
      TransactionReceipt receipt = sender.send(Optional.empty(), artifact.creation());
      LedgerRef ref = new LedgerRef(
          chainId,
          receipt
              .created()
              .orElseThrow(() -> new LedgerException("Transaction " + receipt.transaction()
                  + " created no contract (asked " + rpc.name() + ").")));
      ChainReader reader = new ChainReader(rpc, ref);
      if (reader.findCode().filter(code -> artifact.matches(code, ref)).isEmpty()) {
        throw new LedgerException("The chain does not run the published code at "
            + EvmKeys.checksummed(ref.contract()) + ": it must support Cancun (mcopy).");
      }
      Json block =
          reader.ask("eth_getBlockByNumber", ChainReader.number(receipt.block()), Json.bool(false));
      return new ContractDeployment(
          ref, reader.understood(() -> ChainReader.stamp(block)), receipt.gasUsed(), false);
    }
  }
}
