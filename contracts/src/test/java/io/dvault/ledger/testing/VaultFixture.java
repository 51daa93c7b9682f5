package io.dvault.ledger.testing;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.ledger.evm.AnvilProcess;
import io.dvault.ledger.evm.ContractDeployment;
import io.dvault.ledger.evm.Eip712ApprovalVerifier;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.ledger.evm.EvmLedgerWriter;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A new vault on a devnet: fresh approver keys, devnet:0 pays and is the one guardian, no delay of unfreezing. */
public final class VaultFixture implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Optional<AnvilProcess> chain;
  private final EndpointSettings endpoint;
  private final EvmSigner gas;
  private final List<EvmSigner> approvers;
  private final EvmLedger ledger;
  private final EvmLedgerWriter writer;
  private final Governance governance;
  private final VaultId vault;

  private VaultFixture(
      EndpointSettings endpoint,
      List<EvmSigner> approvers,
      int threshold,
      Optional<AnvilProcess> chain) {
    this.chain = chain;
    this.endpoint = endpoint;
    this.approvers = approvers;
    this.gas = EvmKeys.devnet(0, EvmKeys.DEVNET_CHAIN_ID, endpoint);
    LedgerRef ref = ContractDeployment.deploy(endpoint, gas).ref();
    this.ledger = EvmLedger.open(endpoint, ref);
    this.writer = EvmLedgerWriter.open(endpoint, ref, gas);
    this.governance = new Governance(
        approvers.stream().map(EvmSigner::address).toList(),
        threshold,
        List.of(gas.address()),
        Duration.ZERO);
    this.vault = writer.createVault(random32(), governance);
  }

  /** A vault of {@code threshold} of {@code approvers}; the contract is deployed when it is not there. */
  public static VaultFixture create(EndpointSettings endpoint, int threshold, int approvers) {
    return new VaultFixture(endpoint, newKeys(approvers), threshold, Optional.empty());
  }

  /** The same on a new devnet, which ends with the fixture. */
  public static VaultFixture start(int threshold, int approvers) {
    AnvilProcess chain = AnvilProcess.start(AnvilProcess.Options.defaults());
    try {
      return new VaultFixture(chain.endpoint(), newKeys(approvers), threshold, Optional.of(chain));
    } catch (RuntimeException e) {
      chain.close();
      throw e;
    }
  }

  /** Keys in ascending order of their addresses, as a governance lists them. */
  public static List<EvmSigner> newKeys(int count) {
    return Stream.generate(() -> EvmKeys.generate(RANDOM))
        .limit(count)
        .sorted(Comparator.comparing(EvmSigner::address))
        .toList();
  }

  public static Bytes32 random32() {
    byte[] bytes = new byte[Bytes32.LENGTH];
    RANDOM.nextBytes(bytes);
    return Bytes32.of(bytes);
  }

  public EndpointSettings endpoint() {
    return endpoint;
  }

  public LedgerRef ref() {
    return ledger.ref();
  }

  public VaultId vault() {
    return vault;
  }

  public Governance governance() {
    return governance;
  }

  public EvmLedger ledger() {
    return ledger;
  }

  public EvmLedgerWriter writer() {
    return writer;
  }

  public EvmSigner gas() {
    return gas;
  }

  public List<EvmSigner> approvers() {
    return approvers;
  }

  public Head head() {
    return ledger.findHead(vault).orElseThrow();
  }

  /** What would move the head to {@code root}: fresh for a day of the chain's time, a few bytes of acts. */
  public Commit next(Bytes32 root) {
    Head head = head();
    Instant notAfter = head.readAt().time().plus(Duration.ofDays(1));
    return new Commit(
        vault,
        head.epoch() + 1,
        head.root(),
        root,
        Bytes32.ZERO,
        notAfter,
        "acts".getBytes(StandardCharsets.UTF_8),
        head.governanceVersion());
  }

  /** Approvals of {@code digest} by {@code signers}, who must come in ascending order. */
  public static List<Approval> approvals(Bytes32 digest, List<EvmSigner> signers) {
    return signers.stream()
        .map(signer -> new Approval(signer.address(), signer.sign(digest)))
        .toList();
  }

  /** Approvals by the first {@code threshold} approvers. */
  public List<Approval> approvals(Commit commit) {
    Bytes32 digest = new Eip712ApprovalVerifier().digest(ref(), commit);
    return approvals(digest, approvers.subList(0, governance.threshold()));
  }

  /** Moves the head to {@code root}, approved as it must be. */
  public CommitResult.Done commit(Bytes32 root) {
    Commit next = next(root);
    return (CommitResult.Done) writer.commit(next, approvals(next));
  }

  @Override
  public void close() {
    writer.close();
    ledger.close();
    approvers.forEach(EvmSigner::close);
    gas.close();
    chain.ifPresent(AnvilProcess::close);
  }
}
