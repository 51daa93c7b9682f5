package io.dvault.workflow;

import io.dvault.ledger.Head;
import io.dvault.ledger.Ledger;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.Registry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/**
 * Reads what the chain and the blocks say, by a thread of its own: the registry first, and then
 * what guardians revoked of
 * it. Whoever waits for the one goes on while the chain is asked for the other.
 */
public final class ChainReading implements AutoCloseable {
  private static final int REVOCATIONS_A_CALL = 1_000;

  private record Read(Head head, RegistrySnapshot registry) {}

  private final FutureTask<Read> reading;
  private final FutureTask<Set<RevocationId>> asking;

  private ChainReading(FutureTask<Read> reading, FutureTask<Set<RevocationId>> asking) {
    this.reading = reading;
    this.asking = asking;
  }

  static ChainReading start(VaultConnection connection) {
    FutureTask<Read> reading = new FutureTask<>(() -> {
      Head head = connection.head();
      return new Read(head, registry(connection, head));
    });
    FutureTask<Set<RevocationId>> asking = new FutureTask<>(() -> guardianRevoked(
        connection.ledger(), result(reading).head(), result(reading).registry()));
    Thread.ofPlatform().daemon().name("registry").start(() -> {
      reading.run();
      asking.run();
    });
    return new ChainReading(reading, asking);
  }

  /** Waits for it; what went wrong is thrown here, as by the others. */
  Head head() {
    return result(reading).head();
  }

  /** At {@link #head}, whole. Waits for it. */
  public RegistrySnapshot registry() {
    return result(reading).registry();
  }

  /** Of the active entries of {@link #registry}. Waits for it. */
  public Set<RevocationId> guardianRevoked() {
    return result(asking);
  }

  /** Waits until nothing is read any more: nobody closes a connection in use. */
  @Override
  public void close() {
    await(reading);
    await(asking);
  }

  private static Optional<Throwable> await(FutureTask<?> task) {
    try {
      task.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(e);
    }
  }

  private static <T> T result(FutureTask<T> task) {
    Optional<Throwable> failure = await(task);
    if (failure.isPresent()) {
      switch (failure.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException("reading was interrupted", failure.get());
      }
    }
    return task.resultNow();
  }

  /** The registry at {@code head}, whole. */
  public static RegistrySnapshot registry(VaultConnection connection, Head head) {
    if (head.epoch() == 0) {
      return RegistrySnapshot.EMPTY;
    }
    Registry registry =
        Registry.open(connection.blocks(), Registry.rootCid(head.root()), connection.vault());
    if (registry.root().epoch() != head.epoch()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV212",
          "chain and registry disagree",
          "The chain says epoch " + head.epoch() + ", its root says epoch "
              + registry.root().epoch() + ".",
          "Use another RPC endpoint: chain.rpc in vault.yaml."));
    }
    return RegistrySnapshot.of(registry);
  }

  /** What a guardian revoked of the active entries of {@code registry}, which is the one at {@code head}. */
  public static Set<RevocationId> guardianRevoked(
      Ledger ledger, Head head, RegistrySnapshot registry) {
    if (head.revokedAt() == 0) {
      return Set.of(); // no id need be made
    }
    List<RevocationId> ids = new ArrayList<>();
    for (DeviceEntry device : registry.devices().values()) {
      device.entries().forEach((entry, record) -> {
        if (record.status() == EntryStatus.ACTIVE) {
          ids.add(RevocationId.of(entry, record.generation()));
        }
      });
    }
    return revoked(ledger, head, ids);
  }

  /**
   * Those of {@code ids} that the chain lists. Guardians seldom act: when to read all that they
   * ever revoked takes no more
   * questions than to ask for these, that is done.
   */
  static Set<RevocationId> revoked(Ledger ledger, Head head, List<RevocationId> ids) {
    Optional<Set<RevocationId>> ever =
        ledger.findRevocations(head, ids.size() / REVOCATIONS_A_CALL);
    return ever.map(all ->
            all.isEmpty() ? all : ids.stream().filter(all::contains).collect(Collectors.toSet()))
        .orElseGet(() -> asked(ledger, head.vault(), ids));
  }

  /** By two threads: one prepares its question while the chain thinks about the other's. */
  private static Set<RevocationId> asked(Ledger ledger, VaultId vault, List<RevocationId> ids) {
    int half = ids.size() <= REVOCATIONS_A_CALL ? ids.size() : ids.size() / 2;
    FutureTask<Set<RevocationId>> other =
        new FutureTask<>(() -> inTurn(ledger, vault, ids.subList(half, ids.size())));
    if (half < ids.size()) {
      Thread.ofPlatform().daemon().name("revocations").start(other);
    } else {
      other.run();
    }
    try {
      Set<RevocationId> revoked = inTurn(ledger, vault, ids.subList(0, half));
      revoked.addAll(result(other));
      return revoked;
    } finally {
      await(other); // nobody closes a connection in use
    }
  }

  private static Set<RevocationId> inTurn(Ledger ledger, VaultId vault, List<RevocationId> ids) {
    Set<RevocationId> revoked = new HashSet<>();
    for (int start = 0; start < ids.size(); start += REVOCATIONS_A_CALL) {
      revoked.addAll(ledger.revoked(
          vault, ids.subList(start, Math.min(ids.size(), start + REVOCATIONS_A_CALL))));
    }
    return revoked;
  }
}
