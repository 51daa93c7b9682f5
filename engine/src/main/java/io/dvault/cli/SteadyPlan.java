package io.dvault.cli;

import io.dvault.config.VaultSettings;
import io.dvault.git.Glance;
import io.dvault.git.RepositoryView;
import io.dvault.git.VaultRepository;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.ledger.evm.EvmLedger;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.Steadiness;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The last plan of this clone that found nothing to do, remembered. A plan is a pure function of the files, of what the
 * chain holds, of the options and of the time; so when a hash over all of these is the one from before, and the time at
 * which a rule would look again has not come, the words on the screen are those from before. The files are hashed and
 * the chain is asked in every run, both at once; neither the command line's library nor git's is loaded for it, and the
 * configuration and the registry need not be read.
 */
final class SteadyPlan {
  /** Options that change nothing of a plan without changes. Any other one: no short way. */
  private static final Set<String> PLAIN = Set.of("--timings", "--detailed-exitcode");

  private final CommandContext context;
  private final Glance before;
  private Optional<Bytes32> storage = Optional.empty();

  private SteadyPlan(CommandContext context, Glance before) {
    this.context = context;
    this.before = before;
  }

  /** To be made before the vault is read. Empty when the short way is not for such a run, whatever it finds. */
  static Optional<SteadyPlan> of(CommandContext context, List<String> words) {
    return isPlain(words) ? glance(context).map(glance -> new SteadyPlan(context, glance)) : Optional.empty();
  }

  /** Whether the words are {@code plan} and each option of {@link #PLAIN} at most once. */
  private static boolean isPlain(List<String> words) {
    return !words.isEmpty() && "plan".equals(words.getFirst())
        && PLAIN.containsAll(words.subList(1, words.size())) && new HashSet<>(words).size() == words.size();
  }

  private static Optional<Glance> glance(CommandContext context) {
    boolean possible = context.variable("GIT_DIR").isEmpty() && UserCache.of(context).folder().isPresent();
    return possible ? Glance.at(context.directory()) : Optional.empty();
  }

  /** Says what was said before, if everything is as it was. Whatever else is the case, the long way tells. */
  static boolean isSaid(CommandContext context, List<String> words) {
    if (!isPlain(words)) {
      return false;
    }
    Optional<Timings> timings = words.contains("--timings") ? Optional.of(new Timings()) : Optional.empty();
    timings.ifPresent(each -> each.begin("files and chain"));
    try {
      Optional<SteadyFile> same = glance(context).flatMap(glance -> same(context, glance));
      same.ifPresent(file -> {
        context.terminal().out().print(file.text());
        context.terminal().out().flush();
        timings.ifPresent(each -> context.terminal().err().println(each.line()));
      });
      return same.isPresent();
    } catch (LedgerException | DiagnosticException e) {
      return false; // the long way says it in its own order
    }
  }

  private static Optional<SteadyFile> same(CommandContext context, Glance glance) {
    Instant now = context.clock().instant();
    Optional<SteadyFile> kept = SteadyFile.find(UserCache.of(context), glance.root())
        .filter(file -> !now.isBefore(file.from()) && now.isBefore(file.until()))
        .filter(file -> file.repository().equals(glance.repository()))
        .filter(file -> glance.marker().equals(Optional.of(file.place().marker())))
        .filter(file -> file.by().equals(by(context.terminal())));
    if (kept.isEmpty()) {
      return kept;
    }
    FutureTask<Optional<Bytes32>> asking = new FutureTask<>(() -> chain(kept.get().place(), now));
    Thread.ofPlatform().daemon().name("chain").start(asking); // while this thread hashes the files
    return kept.filter(file -> glance.files().equals(Optional.of(file.files())))
        .filter(file -> result(asking).equals(Optional.of(file.chain())));
  }

  private static Optional<Bytes32> result(FutureTask<Optional<Bytes32>> task) {
    try {
      return task.get();
    } catch (ExecutionException e) {
      return Optional.empty(); // the long way meets it again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** What the contract holds now; empty when the chain cannot say so. */
  private static Optional<Bytes32> chain(SteadyFile.Place place, Instant now) {
    EndpointSettings endpoints = new EndpointSettings(place.rpc().stream().map(URI::create).toList(), 1);
    try (EvmLedger ledger = EvmLedger.open(endpoints, place.ref())) {
      Optional<Bytes32> storage = ledger.findStorageRoot();
      Optional<Head> head = storage.flatMap(root -> ledger.findHead(place.vault()));
      // A plan on a wrong clock is refused, remembered or not.
      head.ifPresent(each -> ClockCheck.require(now, each.readAt().time(), endpoints, ledger));
      return head.map(each -> chain(storage.orElseThrow(), each));
    }
  }

  /** Of the head without the block at which it was read. */
  private static Bytes32 chain(Bytes32 storage, Head head) {
    return Bytes32.sha256(List.of(storage.hex(), head.vault(), head.epoch(), head.root().hex(), head.notAfter(),
        head.governanceVersion(), head.frozen(), head.committedAt(), head.governanceChangedAt(),
        head.revokedAt()).toString());
  }

  /** Which dVault this is, plugins included: every file of the class path with its length and time; and who looks. */
  private static Bytes32 by(Terminal terminal) {
    StringJoiner all = new StringJoiner("\n");
    all.add(terminal.outIsTerminal() + " " + terminal.color() + " " + terminal.width());
    for (String path : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      File file = Path.of(path).toFile();
      all.add(path + " " + file.length() + " " + file.lastModified());
    }
    return Bytes32.sha256(all.toString());
  }

  /** To be called before the head and the registry are read: what changes later makes another hash. */
  void ask(VaultConnection connection) {
    storage = connection.evm().findStorageRoot();
  }

  /** Remembers {@code recording} if {@code planning} changes nothing and nothing was said beside. */
  void keep(Planning planning, Recording recording, VaultSettings settings) {
    RepositoryView view = planning.workspace().view();
    boolean empty = planning.plan().isEmpty() && planning.plan().changes().isEmpty();
    boolean declaredThere = settings.position().file().equals(VaultRepository.MARKER);
    if (!empty || recording.saidMore() || storage.isEmpty() || !declaredThere || !view.findings().isEmpty()
        || !view.commit().equals(before.commit())) {
      return;
    }
    SteadyFile.Place place = new SteadyFile.Place(
        view.find(VaultRepository.MARKER).orElseThrow().sha256(),
        new LedgerRef(settings.chainId(), settings.contract().orElseThrow()),
        planning.head().vault(),
        settings.rpc().stream().map(URI::toString).toList());
    Instant now = planning.input().now();
    Instant until = Steadiness.until(planning.input(), planning.plan());
    Bytes32 chain = chain(storage.get(), planning.head());
    new SteadyFile(
        by(context.terminal()), before.repository(), view.digest(), chain, now, until, recording.text(), place)
        .write(UserCache.of(context), view.root());
  }

  /** A terminal whose output is also kept, as far as it may be remembered: a plan in full can be any length. */
  record Recording(Terminal terminal, ByteArrayOutputStream out, ByteArrayOutputStream err) {

    static Recording of(Terminal terminal) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Terminal doubled = new Terminal(both(terminal.out(), out), both(terminal.err(), err), terminal.outIsTerminal(),
          terminal.errIsTerminal(), terminal.color(), terminal.width());
      return new Recording(doubled, out, err);
    }

    private static PrintStream both(PrintStream shown, ByteArrayOutputStream kept) {
      return new PrintStream(shown, true, StandardCharsets.UTF_8) {
        @Override
        public void write(byte[] bytes, int from, int length) {
          super.write(bytes, from, length);
          kept.write(bytes, from, Math.min(length, room(kept)));
        }

        @Override
        public void write(int one) {
          super.write(one);
          if (room(kept) > 0) {
            kept.write(one);
          }
        }
      };
    }

    /** One byte more than is remembered shows that it is too much. */
    private static int room(ByteArrayOutputStream kept) {
      return SteadyFile.LONGEST_TEXT + 1 - kept.size();
    }

    String text() {
      return out.toString(StandardCharsets.UTF_8);
    }

    /** Whether there was anything on standard error, or more than a screen. */
    boolean saidMore() {
      return err.size() > 0 || out.size() > SteadyFile.LONGEST_TEXT;
    }
  }
}
