package io.dvault.apply;

import io.dvault.apply.ApplyCheckpoint.Step;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockStore;
import io.dvault.desired.DesiredEntry;
import io.dvault.desired.DesiredState;
import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.ledger.LedgerWriter;
import io.dvault.ledger.LedgerWriter.CommitResult;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.plan.Plan;
import io.dvault.plan.PlanInput;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.GitCommit;
import io.dvault.registry.PublicFacts;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.PeerPart;
import io.dvault.spi.SecretKind;
import io.dvault.spi.SecretSource;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries out a plan: docs/architecture.md, "Plan and apply". Until the contract took the commit,
 * nothing that anyone looks at has changed.
 */
public final class ApplyPipeline {
  /** @param gateways each alone, by its URL; {@code blocks} reads the tree before from any of them */
  public record Connections(
      Ledger ledger,
      Supplier<LedgerWriter> writer,
      ApprovalVerifier verifier,
      List<BlockStore> stores,
      Map<String, BlockSource> gateways,
      BlockSource blocks) {}

  /**
   * @param kinds by entry kind
   * @param authorities opens the active generation's key of an authority by name; called once for each entry
   * @param random a generator for one thread
   */
  public record Issuers(
      Map<String, SecretKind> kinds,
      Function<String, AuthorityKey> authorities,
      SecretSource sources,
      Supplier<SecureRandom> random) {}

  /** What came of it; a race that was lost and a refusal are DiagnosticExceptions. */
  public sealed interface Outcome {
    /** @param at when the commit was made up: lives count from here */
    record Committed(CommitResult.Done done, ChangeCounts tally, Instant at) implements Outcome {}

    /** Approvals are missing: the blocks are published, and the proposal is for the other approvers. */
    record Proposed(Proposal proposal, int missing, List<EvmAddress> approvers)
        implements Outcome {}
  }

  private final Connections connections;
  private final Issuers issuers;
  private final Path journals;
  private final Clock clock;
  private final ApplyCheckpoint crash;
  private final ApplyProgress progress;

  public ApplyPipeline(
      Connections connections,
      Issuers issuers,
      Path journals,
      Clock clock,
      ApplyCheckpoint crash,
      ApplyProgress progress) {
    this.connections = connections;
    this.issuers = issuers;
    this.journals = journals;
    this.clock = clock;
    this.crash = crash;
    this.progress = progress;
  }

  /**
   * @param input what {@code plan} was made from
   * @param approvers keys at hand; those that are no approvers are refused (DV304)
   * @param reason reason code of the public summary
   */
  public Outcome apply(PlanInput input, Plan plan, List<EvmSigner> approvers, String reason) {
    Head head = usableHead(plan);
    Governance governance = connections.ledger().governance(plan.base().vault());
    approvers.forEach(signer -> requireApprover(signer.address(), governance));
    if (approvers.size() < governance.threshold()) {
      requireReproducible(plan);
    }
    try (Journal journal = Journal.create(journals, issuers.random().get())) {
      try {
        return apply(input, plan, approvers, reason, head, governance, journal);
      } catch (DiagnosticException | ApplyStopped e) {
        journal.discard(); // an answer of the contract or of a store, or a wish to stop: nothing is
        // under way
        throw e;
      }
    }
  }

  private Outcome apply(
      PlanInput input,
      Plan plan,
      List<EvmSigner> approvers,
      String reason,
      Head head,
      Governance governance,
      Journal journal) {
    DesiredState desired = input.desired();
    RegistrySnapshot base = input.registry();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    crash.before(Step.ISSUE);
    NextTree tree = publish(desired, base, plan, reason, now);

    crash.before(Step.APPROVE);
    Commit commit = new Commit(
        plan.base().vault(),
        plan.base().epoch() + 1,
        plan.base().root(),
        tree.root().digest(),
        tree.shards(),
        now.plus(desired.vault().freshFor()),
        tree.acts().encode(),
        head.governanceVersion());
    Approving approving =
        new Approving(connections.verifier(), connections.ledger().ref(), governance);
    List<Approval> approvals = approving.collect(commit, List.of(), approvers);
    if (!approving.suffices(commit, approvals)) {
      journal.discard();
      Proposal proposal =
          new Proposal(connections.ledger().ref(), commit, approvals, input.options());
      return new Outcome.Proposed(
          proposal, governance.threshold() - approvals.size(), governance.approvers());
    }
    ChangeCounts tally = ChangeCounts.of(plan);
    CommitResult.Done done = commit(
        new JournalEntry(connections.ledger().ref(), commit, approvals, tally, now), journal);
    return new Outcome.Committed(done, tally, now);
  }

  /** Issues, puts and reads back; nothing of it stays when that fails before the put. */
  private NextTree publish(
      DesiredState desired, RegistrySnapshot base, Plan plan, String reason, Instant now) {
    Issuing issuing = new Issuing(surroundings(desired, base, plan, now), plan.issuing());
    try (Publication publication = new Publication(connections.stores(), connections.gateways())) {
      NextTree tree = NextTree.write(
          plan,
          issuing,
          base,
          connections.blocks(),
          desired.vault().salt(),
          reason,
          publication::add,
          progress);
      crash.before(Step.PUBLISH);
      publication.put(tree.fresh(), progress);
      crash.before(Step.READ_BACK);
      publication.readBack(tree.fresh(), progress);
      return tree;
    }
  }

  private CommitResult.Done commit(JournalEntry entry, Journal journal) {
    crash.before(Step.JOURNAL_COMMIT);
    journal.write(entry);
    crash.before(Step.SEND);
    CommitResult.Done done = Committing.send(
        connections.writer().get(), connections.ledger(), entry.commit(), entry.approvals());
    crash.before(Step.CLEAN_UP);
    journal.discard();
    return done;
  }

  private Head usableHead(Plan plan) {
    Head head = Committing.head(connections.ledger(), plan.base().vault());
    if (head.epoch() != plan.base().epoch() || !head.root().equals(plan.base().root())) {
      throw Committing.movedOn(connections.ledger(), plan.base().epoch(), head);
    }
    if (head.frozen()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV305",
          "the vault is frozen",
          "A guardian stopped all commits to vault "
              + plan.base().vault().bytes().abbreviated() + ".",
          "Find out why. The approvers can lift the freeze after the delay."));
    }
    return head;
  }

  /** The other approvers make the plan again from git, and sign nothing else. */
  private static void requireReproducible(Plan plan) {
    if (GitCommit.isDirty(plan.base().gitCommit())) {
      throw new DiagnosticException(Diagnostic.error(
          "DV306",
          "a proposal cannot include uncommitted changes",
          "Other approvers reproduce the plan from git, and these files are not in it.",
          "Commit and push them first, or choose a commit with --ref. Nothing was changed."));
    }
  }

  static void requireApprover(EvmAddress signer, Governance governance) {
    if (!governance.approvers().contains(signer)) {
      throw new DiagnosticException(
          Diagnostic.error(
              "DV304",
              "this key is not an approver of the vault",
              signer + " is not among "
                  + String.join(
                      ", ",
                      governance.approvers().stream().map(Object::toString).toList())
                  + ".",
              "Use an approver's key with --approver, or omit it to write a proposal. Nothing was changed."));
    }
  }

  private Issuing.Surroundings surroundings(
      DesiredState desired, RegistrySnapshot base, Plan plan, Instant now) {
    Set<EntryAddress> gone = plan.gone(); // their keys must not live on in what carries them
    return new Issuing.Surroundings(
        plan.base().vault(),
        plan.base().epoch() + 1,
        now,
        desired.devices(),
        issuers.kinds(),
        issuers.authorities(),
        issuers.sources(),
        address -> gone.contains(address)
            ? List.of()
            : publicPart(desired, base, address, now).stream().toList(),
        issuers.random());
  }

  /** The public part that the registry has of a peer, as long as it may be used. */
  private static Optional<PeerPart> publicPart(
      DesiredState desired, RegistrySnapshot base, EntryAddress address, Instant now) {
    Optional<DesiredEntry> entry = desired.findEntry(address);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    EntryId id = entry.get().id();
    Optional<EntryRecord> record = Optional.ofNullable(
            base.devices().get(entry.get().device()))
        .map(DeviceEntry::entries)
        .map(entries -> entries.get(id))
        .filter(r -> r.status() == EntryStatus.ACTIVE && r.validity().notAfter().isAfter(now));
    return record.flatMap(r -> PublicFacts.decrypt(desired.vault().salt(), id, r)
        .map(facts -> new PeerPart(facts.part(), r.validity().notAfter())));
  }
}
