package io.dvault.ledger;

import java.time.Duration;
import java.util.List;

/**
 * Who must agree, and who may stop.
 *
 * @param approvers strictly ascending, 1 to 32
 * @param threshold 1 to the number of approvers
 * @param guardians strictly ascending, 0 to 32; each may revoke and freeze alone
 * @param unfreezeDelay how long a freeze lasts at least, whole seconds
 */
public record Governance(
    List<EvmAddress> approvers, int threshold, List<EvmAddress> guardians, Duration unfreezeDelay) {
  public Governance {
    approvers = List.copyOf(approvers);
    guardians = List.copyOf(guardians);
  }
}
