package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.dag.CarLimits;
import io.dvault.dag.CarReader;
import io.dvault.dag.CarSection;
import io.dvault.dag.MalformedCarException;
import io.dvault.http.BoundedHttpClient;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads blocks from any list of trustless gateways: {@code GET {base}/ipfs/{cid}?format=raw}. A block is hashed before
 * it is handed out; on any fault the next gateway is asked. One that failed rests for a while (asked last, never
 * left out), so that a broken one does not cost its time limit at every block. Safe for many threads; each call asks
 * one gateway at a time. Source: IPFS trustless gateway specification; docs/threat-model.md T14.
 */
public final class GatewayBlockSource implements SubtreeSource, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(GatewayBlockSource.class.getName());

  private record Candidate(Gateway gateway, GatewayRecord record) {}

  private final BoundedHttpClient http;
  private final List<Candidate> candidates;
  private final Clock clock;
  private volatile int preferred;

  public GatewayBlockSource(List<URI> gateways) {
    this(gateways, GatewayLimits.DEFAULT, Clock.systemUTC());
  }

  /** Takes gateways as {@link GatewayUrl#parse} gives them; throws a DiagnosticException (DV402) when there is none. */
  public GatewayBlockSource(List<URI> gateways, GatewayLimits limits, Clock clock) {
    if (gateways.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV402",
          "no gateway",
          "There is no gateway to read blocks from.",
          "Name at least one under \"gateways\"."));
    }
    this.http = new BoundedHttpClient(limits.connect());
    this.candidates = gateways.stream()
        .distinct()
        .map(base -> new Candidate(new Gateway(base, limits, http), new GatewayRecord()))
        .toList();
    this.clock = clock;
  }

  @Override
  public Block get(Cid cid) {
    List<String> attempts = new ArrayList<>();
    boolean unfit = true;
    for (int index : order()) {
      Candidate candidate = candidates.get(index);
      try {
        Block block = candidate.gateway().get(cid);
        candidate.record().served(clock.instant());
        if (preferred != index) {
          preferred = index;
        }
        return block;
      } catch (GatewayFault.Absent e) {
        unfit = false;
        candidate.record().absent();
        attempts.add(candidate.gateway().base() + ": " + e.getMessage());
      } catch (GatewayFault e) {
        unfit &= e instanceof GatewayFault.Unfit;
        candidate.record().fault(clock.instant(), cid + ": " + e.getMessage());
        attempts.add(candidate.gateway().base() + ": " + e.getMessage());
      }
    }
    throw unfit
        ? BlockUnavailableException.forLong(cid, attempts)
        : new BlockUnavailableException(cid, attempts);
  }

  /** Asks one gateway after the other until one answers. */
  @Override
  public boolean subtree(Cid root, int maxBytes, Consumer<Block> consumer) {
    boolean served = false;
    for (int index : order()) {
      Candidate candidate = candidates.get(index);
      try {
        byte[] car = candidate.gateway().car(root, maxBytes);
        candidate.record().served(clock.instant());
        read(car, consumer);
        return true;
      } catch (GatewayFault.NotServed e) {
        LOG.log(Level.DEBUG, "{0} gives no CARs: {1}", candidate.gateway().base(), e.getMessage());
      } catch (GatewayFault e) {
        served = true;
        LOG.log(
            Level.DEBUG, "{0}: CAR of {1}: {2}", candidate.gateway().base(), root, e.getMessage());
      }
    }
    return served;
  }

  /** Up to the first fault of the CAR. */
  private static void read(byte[] car, Consumer<Block> consumer) {
    try {
      CarReader reader =
          new CarReader(new ByteArrayInputStream(car), new CarLimits(Long.MAX_VALUE, car.length));
      for (Optional<CarSection> next = reader.next(); next.isPresent(); next = reader.next()) {
        consumer.accept(next.get().block());
      }
    } catch (MalformedCarException e) {
      LOG.log(Level.DEBUG, "a gateway''s CAR is malformed: {0}", e.getMessage());
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
  }

  /** The one that served last, then the rest as configured, then those that rest. */
  private List<Integer> order() {
    Instant now = clock.instant();
    List<Integer> order = new ArrayList<>(candidates.size());
    List<Integer> resting = new ArrayList<>();
    int first = preferred;
    for (int i = 0; i < candidates.size(); i++) {
      int index = (first + i) % candidates.size();
      (candidates.get(index).record().isResting(now) ? resting : order).add(index);
    }
    order.addAll(resting);
    return order;
  }

  /** One record a gateway, in the configured order. */
  public List<GatewayHealth> health() {
    return candidates.stream()
        .map(each -> each.record().health(each.gateway().base()))
        .toList();
  }

  @Override
  public void close() {
    http.close();
  }
}
