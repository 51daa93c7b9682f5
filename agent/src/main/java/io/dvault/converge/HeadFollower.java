package io.dvault.converge;

import io.dvault.dag.Shards;
import io.dvault.install.Problem;
import io.dvault.ledger.Commit;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerException;
import io.dvault.model.DeviceId;
import io.dvault.model.RevocationId;
import io.dvault.trust.DeviceTime;
import io.dvault.trust.HeadVerifier;
import io.dvault.trust.TrustState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Asks the chain: the head, what guardians revoked, and the time. Touches no disk. */
final class HeadFollower {
  private final Ledger ledger;
  private final HeadVerifier verifier;
  private final DeviceTime time;

  HeadFollower(Ledger ledger, HeadVerifier verifier, DeviceTime time) {
    this.ledger = ledger;
    this.verifier = verifier;
    this.time = time;
  }

  /**
   * @param next what to believe from now on; the state before where nothing better was shown
   * @param path the commits in between, when all of them are known and approved
   */
  record Followed(TrustState next, List<Commit> path, List<Problem> problems) {
    /** Whether every commit in between left the device's slot of the registry as it was. */
    boolean leavesAlone(DeviceId device) {
      int slot = Shards.slotOf(device.bytes().toArray());
      return !path.isEmpty()
          && path.stream().noneMatch(commit -> Shards.contains(commit.shards(), slot));
    }
  }

  Followed follow(TrustState state, Set<RevocationId> relevant) {
    List<Problem> problems = new ArrayList<>();
    TrustState next = state;
    List<Commit> path = List.of();
    try {
      switch (verifier.verify(state, ledger)) {
        case HeadVerifier.Result.Unchanged unchanged -> {
          next = unchanged.next();
          unchanged
              .doubt()
              .ifPresent(doubt -> problems.add(Problem.of(doubt.code(), "head", doubt.why())));
        }
        case HeadVerifier.Result.Newer newer -> {
          next = newer.next();
          path = newer.path();
        }
        case HeadVerifier.Result.Refused refused -> {
          problems.add(Problem.of(refused.code(), "head", refused.why()));
          return new Followed(state, List.of(), problems);
        }
      }
      if (!relevant.isEmpty()) {
        next = next.revoking(ledger.revoked(state.vault(), relevant), relevant);
      }
      time.observe(ledger.finalizedBlock().time(), next.notAfter(), next.floor());
    } catch (LedgerException e) {
      problems.add(Problem.of("DV528", "rpc", e.getMessage()));
    }
    return new Followed(next, path, problems);
  }
}
