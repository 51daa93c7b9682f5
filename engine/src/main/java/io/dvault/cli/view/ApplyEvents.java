package io.dvault.cli.view;

import io.dvault.apply.ApplyCheckpoint.Step;
import io.dvault.apply.ApplyPipeline.Outcome;
import io.dvault.apply.ChangeCounts;
import io.dvault.apply.Recovery;
import io.dvault.ledger.LedgerEvent;
import io.dvault.model.Diagnostic;
import io.dvault.model.Quantities;
import io.dvault.workflow.ApplyListener;
import io.dvault.workflow.CommittedPlan;
import io.dvault.workflow.ReceiptWait;
import io.dvault.workflow.WaveCut;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An apply as events. Sentences that have no event of their own come as {@code log}. */
final class ApplyEvents implements ApplyListener {
  private static final long PACE = TimeUnit.SECONDS.toNanos(1);

  private final Events events;
  private final ApplyScreen sentences;
  private final Map<String, Long> told = new HashMap<>();

  /** @param sentences whose terminal turns lines into events */
  ApplyEvents(Events events, ApplyScreen sentences) {
    this.events = events;
    this.sentences = sentences;
  }

  @Override
  public void warning(Diagnostic warning) {
    events.diagnostic(warning);
  }

  @Override
  public void interrupted(String words) {
    sentences.interrupted(words);
  }

  @Override
  public void recovered(Recovery.Found found) {
    sentences.recovered(found);
  }

  @Override
  public void before(Step step) {} // progress tells

  @Override
  public void issued(long done, long of) {
    progress("issue", done, of);
  }

  @Override
  public void readBack(long done, long of) {
    progress("publish", done, of);
  }

  /** At most one a second and phase, and the last. */
  private synchronized void progress(String phase, long done, long of) {
    long now = System.nanoTime();
    if (done < of && now - told.getOrDefault(phase, now - PACE) < PACE) {
      return;
    }
    told.put(phase, now);
    events.emit(events
        .event(
            "info",
            phase + " " + Quantities.number(done) + "/" + Quantities.number(of),
            "apply_progress")
        .put("phase", phase)
        .put("done", done)
        .put("of", of));
  }

  @Override
  public void published(long bytes, int stores, int gateways) {
    events.emit(events
        .event("info", ApplyScreen.publishedWords(bytes, stores, gateways), "apply_published")
        .put("bytes", bytes)
        .put("stores", stores)
        .put("gateways", gateways));
  }

  @Override
  public void committed(Outcome.Committed outcome) {
    LedgerEvent.Committed event = outcome.done().event();
    ChangeCounts tally = outcome.tally();
    events.emit(events
        .event(
            "info", "Committed: epoch " + event.commit().epoch() + ", " + tally, "apply_complete")
        .put("epoch", event.commit().epoch())
        .put("block", event.origin().block().number())
        .put("gas", outcome.done().gasUsed())
        .put("issued", tally.issued())
        .put("rotated", tally.rotated())
        .put("revoked", tally.revoked()));
  }

  @Override
  public void inWaves(WaveCut cut) {
    sentences.inWaves(cut);
  }

  @Override
  public void waveStarted(int number, List<List<String>> waves) {
    List<String> devices = waves.get(number - 1);
    ObjectNode event = events
        .event(
            "info",
            "Wave " + number + " of " + waves.size() + ": "
                + Quantities.count(devices.size(), "device"),
            "wave_start")
        .put("wave", number)
        .put("of", waves.size());
    devices.forEach(event.putArray("devices")::add);
    events.emit(event);
  }

  @Override
  public void waitStarted() {} // progress tells

  @Override
  public void waiting(ReceiptWait.Result result) {
    progress("wait", result.done().size(), result.devices());
  }

  @Override
  public void waited(ReceiptWait.Result result, long epoch) {
    waiting(result);
    ObjectNode event = events
        .event(
            result.isGood() ? "info" : "warn",
            Quantities.number(result.done().size()) + " of "
                + Quantities.count(result.devices(), "device") + " reported epoch " + epoch,
            "wait_complete")
        .put("epoch", epoch);
    result.done().stream().sorted().forEach(event.putArray("reported")::add);
    ArrayNode failed = event.putArray("failed");
    new TreeMap<>(result.failed())
        .forEach((device, what) ->
            what.forEach(failed.addObject().put("device", device).putArray("what")::add));
    ArrayNode missing = event.putArray("missing");
    new TreeMap<>(result.missing())
        .forEach((device, why) -> missing.addObject().put("device", device).put("why", why));
    events.emit(event);
  }

  @Override
  public void complete(List<CommittedPlan> done, String reporting) {
    sentences.complete(done, reporting);
  }

  @Override
  public void proposed(Outcome.Proposed outcome, Path file) {
    long epoch = outcome.proposal().commit().epoch();
    int have = outcome.proposal().approvals().size();
    events.emit(events
        .event(
            "info",
            "Proposed epoch " + epoch + ": " + outcome.missing() + " approvals missing",
            "apply_proposed")
        .put("epoch", epoch)
        .put("approvals", have)
        .put("missing", outcome.missing())
        .put("file", sentences.shown(file)));
    sentences.proposed(outcome, file);
  }

  @Override
  public void stopped(String words) {
    sentences.stopped(words);
  }

  @Override
  public void notEverywhere(List<Diagnostic> diagnostics) {
    diagnostics.forEach(events::diagnostic);
  }
}
