package io.dvault.agent;

import io.dvault.agent.AgentConfig.Sink;
import io.dvault.converge.Cycle.Report;
import io.dvault.crypto.Ed25519Key;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.http.BoundedHttpClient;
import io.dvault.http.HttpLimits;
import io.dvault.install.InstalledEntry;
import io.dvault.install.Problem;
import io.dvault.ledger.Anchor;
import io.dvault.log.StructuredLog;
import io.dvault.model.DeviceId;
import io.dvault.receipt.Receipt;
import io.dvault.receipt.SignedReceipt;
import io.dvault.spi.FileFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Tells what a cycle came to: alarms to the log, the status file, and the signed receipt to its sinks. */
final class Publisher implements AutoCloseable {
  private static final Duration AT_LEAST = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_ANSWER = 64 << 10; // nothing of it is used

  private final Layout layout;
  private final Anchor anchor;
  private final DeviceId device;
  private final Ed25519Key signer;
  private final AgentConfig config;
  private final DurableFiles files;
  private final StructuredLog log;
  private final Supplier<Network> network;
  private Set<Problem> faults = Set.of();
  private Set<Problem> standing = Set.of();
  private Optional<Receipt> last = Optional.empty();
  private byte[] newest = {};
  private List<Sink> owed = List.of();

  /**
   * How many endpoints and gateways gave good answers lately.
   *
   * @param faults what single ones did wrong; the others made up for it
   */
  record Network(
      int rpcGood, int rpcAll, int gatewaysGood, int gatewaysAll, List<Problem> faults) {}

  /** @param signer closed with the publisher */
  Publisher(
      Layout layout,
      Anchor anchor,
      DeviceId device,
      Ed25519Key signer,
      AgentConfig config,
      DurableFiles files,
      StructuredLog log,
      Supplier<Network> network) {
    this.layout = layout;
    this.anchor = anchor;
    this.device = device;
    this.signer = signer;
    this.config = config;
    this.files = files;
    this.log = log;
    this.network = network;
  }

  /** @param nextLook when the agent looks again; empty when it ends now */
  synchronized void publish(Report report, Optional<Instant> nextLook) throws IOException {
    Network seen = network.get();
    standing = tell(report.problems(), standing);
    faults = tell(seen.faults(), faults);
    writeStatus(Status.of(anchor.name(), layout, report, seen, nextLook));
    Receipt receipt = receipt(report);
    if (isDue(receipt)) {
      newest = SignedReceipt.sign(receipt, signer).encode();
      last = Optional.of(receipt);
      files.replace(layout.state().resolve("receipt"), newest, 0644);
      owed = undelivered(config.receipts());
    } else {
      owed = undelivered(owed); // somebody may be waiting for just this one
    }
  }

  /** Tells what is new and what is over; returns what stands now. */
  private Set<Problem> tell(List<Problem> problems, Set<Problem> before) {
    Set<Problem> now = new HashSet<>(problems);
    problems.forEach(each -> log.alarm(each.code(), each.subject(), each.why()));
    before.stream()
        .filter(old -> now.stream()
            .noneMatch(
                each -> each.code().equals(old.code()) && each.subject().equals(old.subject())))
        .forEach(old -> log.settled(old.code(), old.subject()));
    return now;
  }

  /** Not durable: it says what is, and is written anew at each look. */
  private void writeStatus(Status status) throws IOException {
    Path temp = layout.status().resolveSibling(".status.new");
    Files.deleteIfExists(temp);
    Files.write(temp, status.encode());
    Files.move(
        temp, layout.status(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Receipt receipt(Report report) {
    List<Receipt.Held> held = report.held().values().stream()
        .sorted(Comparator.comparing(InstalledEntry::entry))
        .map(each -> new Receipt.Held(each.entry(), each.generation()))
        .toList();
    List<Receipt.Failure> failures = report.problems().stream()
        .map(each -> new Receipt.Failure(each.entry(), each.code()))
        .distinct()
        .sorted(Comparator.comparing(
                (Receipt.Failure each) -> each.entry().map(Object::toString).orElse(""))
            .thenComparing(Receipt.Failure::code))
        .toList();
    return new Receipt(
        anchor.vault(),
        device,
        report.state().epoch(),
        report.state().root(),
        report.now(),
        held,
        failures);
  }

  /** When something changed, and once a minute, so that "last seen" moves. */
  private boolean isDue(Receipt next) {
    return last.isEmpty()
        || !next.at().isBefore(last.get().at().plus(AT_LEAST))
        || next.epoch() != last.get().epoch()
        || !next.root().equals(last.get().root())
        || !next.entries().equals(last.get().entries())
        || !next.failures().equals(last.get().failures());
  }

  /** Sends the newest receipt to {@code sinks}; returns those that did not take it. */
  private List<Sink> undelivered(List<Sink> sinks) {
    List<Sink> left = new ArrayList<>();
    for (Sink sink : sinks) {
      try {
        switch (sink) {
          case Sink.File file -> toFile(file.path(), newest);
          case Sink.Http http -> post(http.url(), newest);
        }
        log.settled("DV560", sink.toString());
      } catch (IOException e) {
        left.add(sink);
        log.alarm("DV560", sink.toString(), "receipt not delivered: " + FileFailure.words(e));
      }
    }
    return left;
  }

  private void toFile(Path path, byte[] receipt) throws IOException {
    Path target = Files.isDirectory(path) ? path.resolve(device + ".receipt") : path;
    files.replace(target, receipt, 0644);
  }

  private static void post(URI url, byte[] receipt) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(url)
        .header("Content-Type", "application/vnd.dvault.receipt")
        .POST(BodyPublishers.ofByteArray(receipt))
        .build();
    try (BoundedHttpClient http = new BoundedHttpClient(TIMEOUT)) {
      int status = http.send(request, HttpLimits.within(TIMEOUT, MAX_ANSWER)).status();
      if (status / 100 != 2) {
        throw new IOException("answered " + status);
      }
    }
  }

  @Override
  public synchronized void close() {
    signer.close();
  }
}
