package io.dvault.ledger.evm;

import io.dvault.ledger.Approval;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reads IDVault's structs. */
final class AbiTypes {
  // Generous: the contract bounds governance at 32 each; an approval by a contract (ERC-1271) may
  // be long.
  private static final int MAX_SIGNERS = 256;
  private static final int MAX_SIGNATURE = 64 << 10;
  private static final int MAX_IDS = 4096;

  private AbiTypes() {}

  /** {@code Head} of IDVault.sol, which says more than the shared record. */
  record HeadState(
      long epoch,
      Bytes32 root,
      Instant notAfter,
      long governanceVersion,
      boolean frozen,
      long committedAt,
      long governanceChangedAt,
      Instant earliestUnfreeze,
      long freezes,
      long revokedAt) {
    boolean exists() {
      return governanceVersion > 0;
    }
  }

  static HeadState head(byte[] result) {
    AbiReader head = AbiReader.of(result);
    return new HeadState(
        head.number(0),
        head.bytes32(1),
        head.time(2),
        head.number(3),
        head.bool(4),
        head.number(5),
        head.number(6),
        head.time(7),
        head.number(8),
        head.number(9));
  }

  static Governance governance(AbiReader tuple) {
    return new Governance(
        tuple.list(0, MAX_SIGNERS, AbiReader::address),
        (int) Math.min(tuple.number(1), 65535),
        tuple.list(2, MAX_SIGNERS, AbiReader::address),
        Duration.ofSeconds(tuple.number(3)));
  }

  static List<Approval> approvals(AbiReader tuple, int slot) {
    return tuple.list(slot, MAX_SIGNERS, (elements, i) -> approval(elements.tuple(i)));
  }

  private static Approval approval(AbiReader tuple) {
    EvmAddress signer = tuple.address(0);
    return new Approval(signer, tuple.bytes(1, MAX_SIGNATURE));
  }

  static List<RevocationId> revocations(AbiReader tuple, int slot) {
    return tuple.list(slot, MAX_IDS, (elements, i) -> new RevocationId(elements.bytes32(i)));
  }

  static List<Boolean> booleans(byte[] result) {
    return AbiReader.of(result).list(0, MAX_IDS, AbiReader::bool);
  }

  static VaultId vault(AbiReader tuple, int slot) {
    return new VaultId(tuple.bytes32(slot));
  }
}
