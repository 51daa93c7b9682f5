package io.dvault.cli;

import io.dvault.apply.Applier.Outcome;
import io.dvault.apply.Tally;
import io.dvault.ledger.LedgerEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An apply as events; what they leave out comes as {@code log}. */
final class ApplyEvents {
  private static final long PACE = TimeUnit.SECONDS.toNanos(1);

  private final Events events;
  private final Map<String, Long> told = new HashMap<>();

  ApplyEvents(Events events) {
    this.events = events;
  }

  /** At most one a second and phase, and the last. From several threads. */
  synchronized void progress(String phase, long done, long of) {
    long now = System.nanoTime();
    if (done < of && now - told.getOrDefault(phase, now - PACE) < PACE) {
      return;
    }
    told.put(phase, now);
    events.emit(events.event("info", phase + " " + Words.number(done) + "/" + Words.number(of), "apply_progress")
        .put("phase", phase).put("done", done).put("of", of));
  }

  void published(long bytes, int stores, int gateways) {
    events.emit(events.event("info", PlanView.bytes(bytes) + " to " + Words.count(stores, "store") + ", read back from "
        + Words.count(gateways, "gateway"), "apply_published")
        .put("bytes", bytes).put("stores", stores).put("gateways", gateways));
  }

  void committed(Outcome.Committed outcome) {
    LedgerEvent.Committed event = outcome.done().event();
    Tally tally = outcome.tally();
    events.emit(events.event("info", "Committed: epoch " + event.commit().epoch() + ", " + tally, "apply_complete")
        .put("epoch", event.commit().epoch())
        .put("block", event.origin().block().number())
        .put("gas", outcome.done().gasUsed())
        .put("issued", tally.issued()).put("rotated", tally.rotated()).put("revoked", tally.revoked()));
  }

  void wave(int number, int of, List<String> devices) {
    ObjectNode event = events.event("info", "Wave " + number + " of " + of + ": " + Words.count(devices.size(), "device"),
        "wave_start").put("wave", number).put("of", of);
    devices.forEach(event.putArray("devices")::add);
    events.emit(event);
  }

  void waited(ReceiptWait.Result result, long epoch) {
    ObjectNode event = events.event(result.isGood() ? "info" : "warn", Words.number(result.done().size()) + " of "
        + Words.count(result.devices(), "device") + " reported epoch " + epoch, "wait_complete").put("epoch", epoch);
    result.done().stream().sorted().forEach(event.putArray("reported")::add);
    ArrayNode failed = event.putArray("failed");
    new TreeMap<>(result.failed()).forEach((device, what) ->
        what.forEach(failed.addObject().put("device", device).putArray("what")::add));
    ArrayNode missing = event.putArray("missing");
    new TreeMap<>(result.missing()).forEach((device, why) -> missing.addObject().put("device", device).put("why", why));
    events.emit(event);
  }

  void proposed(Outcome.Proposed outcome, String file) {
    long epoch = outcome.proposal().commit().epoch();
    int have = outcome.proposal().approvals().size();
    events.emit(events.event("info", "Proposed epoch " + epoch + ": " + outcome.missing() + " approvals missing",
        "apply_proposed")
        .put("epoch", epoch).put("approvals", have).put("missing", outcome.missing()).put("file", file));
  }
}
