package io.dvault.cli.view;

import io.dvault.apply.ApplyCheckpoint.Step;
import io.dvault.apply.ApplyPipeline.Outcome;
import io.dvault.apply.Recovery;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.LedgerEvent;
import io.dvault.ledger.evm.EvmKeys;
import io.dvault.model.Diagnostic;
import io.dvault.model.Durations;
import io.dvault.model.Quantities;
import io.dvault.plan.Change;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.workflow.ApplyListener;
import io.dvault.workflow.CommittedPlan;
import io.dvault.workflow.ReceiptWait;
import io.dvault.workflow.RolloutReport;
import io.dvault.workflow.WaveCut;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** What a person sees of an apply. docs/screens.md, "apply". */
public final class ApplyScreen implements ApplyListener {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);
  private static final int GRANTS_SHOWN = 3;
  private static final int MISSING_SHOWN = 3;

  private final Terminal terminal;
  private final Path directory;
  private final ProgressBar issue;
  private final ProgressBar publish;
  private final ProgressBar commit;
  private ProgressBar wait;
  private boolean committed;

  /** @param directory from which paths of files are shown */
  ApplyScreen(Terminal terminal, Path directory) {
    this.terminal = terminal;
    this.directory = directory;
    this.issue = new ProgressBar(terminal, "issue", System::nanoTime);
    this.publish = new ProgressBar(terminal, "publish", System::nanoTime);
    this.commit = new ProgressBar(terminal, "commit", System::nanoTime);
    this.wait = new ProgressBar(terminal, "wait", System::nanoTime);
  }

  @Override
  public void warning(Diagnostic warning) {
    new DiagnosticPrinter(terminal).print(List.of(warning));
  }

  @Override
  public void interrupted(String words) {
    terminal.err().println();
    terminal.err().println(words);
    terminal.err().flush();
  }

  @Override
  public void recovered(Recovery.Found found) {
    terminal.println(
        switch (found) {
          case Recovery.Found.NothingApproved nothing ->
            "Found an interrupted apply that was not committed. Starting over.";
          case Recovery.Found.Committed done ->
            "Found the commit of an interrupted apply: epoch " + done.epoch() + ", " + done.tally()
                + ".";
          case Recovery.Found.Resumed resumed ->
            "Completed an interrupted apply that was already approved: epoch " + resumed.epoch()
                + ", " + resumed.tally() + ".";
          case Recovery.Found.GivenUp given ->
            "Found an interrupted apply that did not commit epoch " + given.epoch() + ": "
                + given.why() + ". Starting over.";
        });
    terminal.println("");
  }

  @Override
  public void before(Step step) {
    switch (step) {
      case ISSUE -> issue.begin();
      case PUBLISH -> publish.say("publishing blocks …");
      case READ_BACK -> publish.begin();
      case SEND -> commit.say("sent, waiting for the chain …");
      case CLEAN_UP -> commit.clear();
      case APPROVE, JOURNAL_COMMIT -> {} // too short to be seen
    }
  }

  @Override
  public void issued(long done, long of) {
    issue.show(done, of);
    if (done == of) {
      issue.finish(Quantities.number(done) + "/" + Quantities.number(of), done);
    }
  }

  @Override
  public void readBack(long done, long of) {
    publish.show(done, of);
  }

  @Override
  public void published(long bytes, int stores, int gateways) {
    publish.finish(publishedWords(bytes, stores, gateways));
  }

  static String publishedWords(long bytes, int stores, int gateways) {
    return PlanView.bytes(bytes) + " to " + Quantities.count(stores, "store") + ", read back from "
        + Quantities.count(gateways, "gateway");
  }

  @Override
  public void inWaves(WaveCut cut) {
    terminal.println(cut.words());
  }

  @Override
  public void waveStarted(int number, List<List<String>> waves) {
    if (committed) {
      terminal.println("");
    }
    terminal.println("Wave " + number + " of " + waves.size() + ": "
        + RolloutReport.some(waves.get(number - 1)));
  }

  @Override
  public void committed(Outcome.Committed outcome) {
    committed = true;
    LedgerEvent.Committed event = outcome.done().event();
    terminal.println("  commit    epoch " + event.commit().epoch() + ", block "
        + event.origin().block().number() + ", "
        + Quantities.number(outcome.done().gasUsed()) + " gas");
  }

  @Override
  public void waitStarted() {
    wait = new ProgressBar(terminal, "wait", System::nanoTime);
    wait.begin();
  }

  @Override
  public void waiting(ReceiptWait.Result result) {
    wait.show(
        result.done().size() + result.failed().size(),
        result.devices(),
        "waiting for " + some(result.missing()));
  }

  private static String some(Map<String, String> missing) {
    List<String> names = missing.keySet().stream().sorted().limit(MISSING_SHOWN).toList();
    int more = missing.size() - names.size();
    return String.join(", ", names)
        + (more == 0 ? "" : " and " + Quantities.number(more) + " more");
  }

  @Override
  public void waited(ReceiptWait.Result result, long epoch) {
    wait.finish(
        Quantities.number(result.done().size()) + "/" + Quantities.number(result.devices())
            + " report epoch " + epoch,
        result.done().size(),
        result.devices());
  }

  @Override
  public void complete(List<CommittedPlan> done, String reporting) {
    StringBuilder closing =
        new StringBuilder("Apply complete: ").append(CommittedPlan.tally(done)).append(".");
    CommittedPlan last = done.getLast();
    if (last.plan().renewsHeadAlone() && done.size() == 1) {
      Instant until = last.outcome().done().event().commit().notAfter();
      closing
          .append(" Devices treat it as fresh until ")
          .append(DAY.format(until))
          .append(", for ")
          .append(Durations.format(Duration.between(last.outcome().at(), until)))
          .append(".");
    }
    List<String> grants = done.stream()
        .flatMap(each -> each.plan().issuing().stream()
            .filter(change -> change.desired().template().renewal() == Renewal.ONCE)
            .map(change -> ends(change, each.outcome().at())))
        .toList();
    grants.stream().limit(GRANTS_SHOWN).forEach(grant -> closing.append(" ").append(grant));
    if (grants.size() > GRANTS_SHOWN) {
      closing
          .append(" ")
          .append(Quantities.number(grants.size() - GRANTS_SHOWN))
          .append(" more.");
    }
    terminal.println("");
    terminal.println(closing + reporting);
  }

  private static String ends(Change.Issuing grant, Instant at) {
    Instant end = at.plus(grant.desired().template().ttl());
    boolean today = grant.desired().template().ttl().toHours() < 12;
    return grant.desired().address().kind() + " " + grant.desired().address().name() + " ends at "
        + (today ? TIME : DAY).format(end) + ", in "
        + Durations.format(grant.desired().template().ttl())
        + ".";
  }

  @Override
  public void proposed(Outcome.Proposed outcome, Path file) {
    int have = outcome.proposal().approvals().size();
    terminal.println("");
    terminal.println("Proposed epoch " + outcome.proposal().commit().epoch() + ": " + have + " of "
        + (have + outcome.missing()) + " approvals. The chain is unchanged so far.");
    terminal.println("  " + shown(file));
    terminal.println("Approvers: "
        + String.join(
            ", ",
            outcome.approvers().stream()
                .filter(address -> outcome.proposal().approvals().stream()
                    .noneMatch(a -> a.signer().equals(address)))
                .map(ApplyScreen::shown)
                .toList())
        + ".");
    terminal.println("To approve, one of them runs: dvault approve " + shown(file));
  }

  @Override
  public void stopped(String words) {
    terminal.err().println(words);
  }

  @Override
  public void notEverywhere(List<Diagnostic> diagnostics) {
    terminal.println("");
    new DiagnosticPrinter(terminal).print(diagnostics);
  }

  /** A file as it is shown: from the folder that the command runs in. */
  public String shown(Path file) {
    return directory.relativize(file).toString();
  }

  public static String shown(EvmAddress address) {
    String checksummed = EvmKeys.checksummed(address);
    return checksummed.substring(0, 6) + "…" + checksummed.substring(38);
  }
}
