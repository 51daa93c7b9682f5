package io.dvault.agent;

import static io.dvault.agent.TestFleet.APP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Approvers that change, and guardians that revoke: what an agent follows, and what does not touch it. */
@ExtendWith(TestFleet.Fixture.class)
class GovernanceTest {
  private final TestFleet fleet;
  private final TestVault vault;
  private final TestDevice device;

  GovernanceTest(TestFleet fleet) {
    this.fleet = fleet;
    this.vault = fleet.vault;
    this.device = fleet.device;
  }

  @Test
  @Tag("O6")
  void look_governanceChanged_followsTheChainOfApprovals() throws IOException {
    fleet.commitApp("one");
    device.look();
    List<EvmSigner> next = VaultFixture.newKeys(2);
    Governance governance = new Governance(
        next.stream().map(EvmSigner::address).toList(),
        1,
        vault.fixture.governance().guardians(),
        Duration.ZERO);
    long version = vault.fixture.head().governanceVersion() + 1;
    Bytes32 digest =
        new Eip712ApprovalVerifier().digest(vault.fixture.ref(), vault.id(), governance, version);
    List<Approval> old =
        VaultFixture.approvals(digest, vault.fixture.approvers().subList(0, 2));
    vault
        .fixture
        .writer()
        .setGovernance(
            vault.id(), governance, old, VaultFixture.approvals(digest, next.subList(0, 1)));
    vault.put(device.recipient, APP.file("/etc/app/secret", "under new governance"));
    Commit commit = vault.build();
    Bytes32 commitDigest = new Eip712ApprovalVerifier().digest(vault.fixture.ref(), commit);
    CommitResult done = vault
        .fixture
        .writer()
        .commit(commit, VaultFixture.approvals(commitDigest, next.subList(0, 1)));
    assertTrue(done instanceof CommitResult.Done, done.toString());
    assertEquals(List.of(), device.look().problems());
    fleet.assertHolds("under new governance");
    assertEquals(version, device.trust().governanceVersion());
  }

  @Test
  void look_guardianRevokedNothing_revocationOfAnotherGenerationDoesNotTouchUs()
      throws IOException {
    fleet.commitApp("one");
    vault.fixture.writer().revoke(vault.id(), List.of(RevocationId.of(APP.id(), 9)));
    assertEquals(List.of(), device.look().problems());
    fleet.assertHolds("one");
  }
}
