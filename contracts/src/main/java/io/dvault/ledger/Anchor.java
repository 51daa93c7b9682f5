package io.dvault.ledger;

import io.dvault.model.Bytes32;
import io.dvault.model.Names;
import io.dvault.model.VaultId;
import java.util.List;

/**
 * What a device pins at enrolment, and all that it believes without proof: printed by {@code dvault anchor}, read by
 * {@code dvault-agent enroll}. Holds no secret. Its file form is {@code schemas/spec/anchor.md};
 * see {@link AnchorYaml}.
 *
 * @param name the vault's readable name
 * @param codeHash keccak256 of the contract's deployed code
 * @param rpc JSON-RPC endpoints, untrusted, at least one
 * @param quorum how many of them must agree, 1 to their number
 * @param gateways trustless IPFS gateways, untrusted; the device may add its own
 * @param governanceVersion the version that {@code governance} has on chain
 */
public record Anchor(
    String name,
    VaultId vault,
    LedgerRef ref,
    Bytes32 codeHash,
    List<String> rpc,
    int quorum,
    List<String> gateways,
    long governanceVersion,
    Governance governance) {
  public Anchor {
    Names.require(name);
    rpc = List.copyOf(rpc);
    gateways = List.copyOf(gateways);
    if (rpc.isEmpty()) {
      throw new IllegalArgumentException("an anchor names at least one RPC endpoint");
    }
    if (quorum < 1 || quorum > rpc.size()) {
      throw new IllegalArgumentException("quorum is 1 to " + rpc.size() + ", got " + quorum);
    }
    if (governanceVersion < 0) {
      throw new IllegalArgumentException(
          "governance version is not negative, got " + governanceVersion);
    }
  }
}
