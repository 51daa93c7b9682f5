package io.dvault.cli;

import io.dvault.apply.Applier.Outcome;
import io.dvault.apply.ApplyProgress;
import io.dvault.apply.CrashPoint.Step;
import io.dvault.apply.Tally;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Durations;
import io.dvault.plan.Change;
import io.dvault.plan.Plan;
import io.dvault.spi.EntryTemplate.Renewal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** What a person sees of an apply. docs/screens.md, "apply". */
final class ApplyScreen implements ApplyProgress {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);
  private static final int GRANTS_SHOWN = 3;

  private final Terminal terminal;
  private final Optional<ApplyEvents> events;
  private final ProgressBar issue;
  private final ProgressBar publish;
  private final ProgressBar commit;

  ApplyScreen(CommandContext context) {
    this.terminal = context.terminal();
    this.events = context.events().map(ApplyEvents::new);
    this.issue = new ProgressBar(context.terminal(), "issue", System::nanoTime);
    this.publish = new ProgressBar(context.terminal(), "publish", System::nanoTime);
    this.commit = new ProgressBar(context.terminal(), "commit", System::nanoTime);
  }

  /** Told of each step before it starts. */
  void before(Step step) {
    if (events.isPresent()) {
      return;
    }
    switch (step) {
      case ISSUE -> issue.begin();
      case PUBLISH -> publish.say("putting blocks …");
      case READ_BACK -> publish.begin();
      case SEND -> commit.say("sent, waiting for the chain …");
      case CLEAN_UP -> commit.clear();
      case APPROVE, JOURNAL_COMMIT -> { } // too short to be seen
    }
  }

  @Override
  public void issued(long done, long of) {
    if (events.isPresent()) {
      events.get().progress("issue", done, of);
      return;
    }
    issue.show(done, of);
    if (done == of) {
      issue.finish(Words.number(done) + "/" + Words.number(of), done);
    }
  }

  @Override
  public void readBack(long done, long of) {
    if (events.isPresent()) {
      events.get().progress("publish", done, of);
      return;
    }
    publish.show(done, of);
  }

  @Override
  public void published(long bytes, int stores, int gateways) {
    if (events.isPresent()) {
      events.get().published(bytes, stores, gateways);
      return;
    }
    publish.finish(PlanView.bytes(bytes) + " to " + Words.count(stores, "store") + ", read back from "
        + Words.count(gateways, "gateway"));
  }

  /** A commit that was done, with its plan. */
  record Done(Outcome.Committed outcome, Plan plan) {}

  void committed(Outcome.Committed outcome) {
    if (events.isPresent()) {
      events.get().committed(outcome);
      return;
    }
    LedgerEvent.Committed event = outcome.done().event();
    terminal.println("  commit    epoch " + event.commit().epoch() + ", block " + event.origin().block().number() + ", "
        + Words.number(outcome.done().gasUsed()) + " gas");
  }

  /**
   * The closing line of one commit or of all waves together.
   *
   * @param more what else is to be said, or nothing
   */
  void complete(List<Done> done, String more) {
    StringBuilder closing = new StringBuilder("Apply complete: ").append(tally(done)).append(".");
    Done last = done.getLast();
    if (last.plan().renewsHeadAlone() && done.size() == 1) {
      Instant until = last.outcome().done().event().commit().notAfter();
      closing.append(" Devices count it as fresh until ").append(DAY.format(until)).append(", for ")
          .append(Durations.format(Duration.between(last.outcome().at(), until))).append(".");
    }
    List<String> grants = done.stream().flatMap(each -> each.plan().issuing().stream()
        .filter(change -> change.desired().template().renewal() == Renewal.ONCE)
        .map(change -> ends(change, each.outcome().at()))).toList();
    grants.stream().limit(GRANTS_SHOWN).forEach(grant -> closing.append(" ").append(grant));
    if (grants.size() > GRANTS_SHOWN) {
      closing.append(" ").append(Words.number(grants.size() - GRANTS_SHOWN)).append(" more.");
    }
    terminal.println("");
    terminal.println(closing + more);
  }

  static Tally tally(List<Done> done) {
    return done.stream().map(each -> each.outcome().tally()).reduce(Tally.NOTHING, Tally::plus);
  }

  private static String ends(Change.Issuing grant, Instant at) {
    Instant end = at.plus(grant.desired().template().ttl());
    boolean today = grant.desired().template().ttl().toHours() < 12;
    return grant.desired().address().kind() + " " + grant.desired().address().name() + " ends at "
        + (today ? TIME : DAY).format(end) + ", in " + Durations.format(grant.desired().template().ttl())
        + ".";
  }

  void proposed(Outcome.Proposed outcome, String file) {
    events.ifPresent(told -> told.proposed(outcome, file));
    int have = outcome.proposal().approvals().size();
    terminal.println("");
    terminal.println("Proposed epoch " + outcome.proposal().commit().epoch() + ": " + have + " of "
        + (have + outcome.missing()) + " approvals. Nothing has reached the chain yet.");
    terminal.println("  " + file);
    terminal.println("Approvers: " + String.join(", ", outcome.approvers().stream()
        .filter(address -> outcome.proposal().approvals().stream().noneMatch(a -> a.signer().equals(address)))
        .map(ApplyScreen::shown).toList()) + ".");
    terminal.println("Hand one of them the file: dvault approve " + file);
  }

  static String shown(EvmAddress address) {
    String checksummed = EvmKeys.checksummed(address);
    return checksummed.substring(0, 6) + "…" + checksummed.substring(38);
  }
}
