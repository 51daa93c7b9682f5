package io.dvault.cli;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.git.RepositoryView;
import io.dvault.ledger.Head;
import io.dvault.ledger.LedgerException;
import io.dvault.model.Bytes32;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.Steadiness;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The last plan of this clone that found nothing to do, remembered. A plan is a pure function of the files, of what the
 * chain holds, of the options and of the time; so when a hash over all of these is the one from before, and the time at
 * which a rule would look again has not come, the words on the screen are those from before. The files are hashed and
 * the chain is asked in every run; the configuration and the registry need not be read.
 */
final class SteadyPlan {
  /** Options that change nothing of a plan without changes. Any other one: no short way. */
  private static final Set<String> PLAIN = Set.of("plan", "--timings", "--detailed-exitcode");
  private static final long LARGEST = 64 << 10;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private final UserCache cache;
  private final String name;
  private final Bytes32 key;
  private final Head head;
  private final Instant now;

  private SteadyPlan(UserCache cache, String name, Bytes32 key, Head head, Instant now) {
    this.cache = cache;
    this.name = name;
    this.key = key;
    this.head = head;
    this.now = now;
  }

  /** Empty when the short way is not for this run: options, findings, a chain that cannot say that it is unchanged. */
  static Optional<SteadyPlan> of(
      CommandContext context, Workspace workspace, VaultConnection connection, List<String> options, Instant now) {
    UserCache cache = UserCache.of(context);
    RepositoryView view = workspace.view();
    if (!PLAIN.containsAll(options) || !view.findings().isEmpty() || cache.folder().isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<Bytes32> storage = connection.evm().findStorageRoot(); // first: what changes later makes another key
      Head head = connection.head();
      ClockCheck.require(now, head.readAt().time(), connection); // a plan on a wrong clock is refused, remembered or not
      String name = "steady-" + Bytes32.sha256(view.root().toString()).hex().substring(0, 32);
      return storage.map(root ->
          new SteadyPlan(cache, name, key(context.terminal(), view, connection, root, head), head, now));
    } catch (LedgerException | DiagnosticException e) {
      return Optional.empty(); // the long way says it in its own order
    }
  }

  private static Bytes32 key(
      Terminal terminal, RepositoryView view, VaultConnection connection, Bytes32 storage, Head head) {
    StringJoiner all = new StringJoiner("\n", "dvault-steady-plan-1\n", "");
    all.add(program()).add(terminal.outIsTerminal() + " " + terminal.color() + " " + terminal.width());
    all.add(view.root().toString()).add(view.commit()).add(String.valueOf(view.clean())).add(view.digest().hex());
    all.add(connection.ledger().ref().toString()).add(storage.hex()).add(state(head).toString());
    return Bytes32.sha256(all.toString());
  }

  /** Without the block at which it was read. */
  private static List<Object> state(Head head) {
    return List.of(head.vault(), head.epoch(), head.root(), head.notAfter(), head.governanceVersion(), head.frozen(),
        head.committedAt(), head.governanceChangedAt());
  }

  /** Which dVault this is, plugins included: every file of the class path with its length and time. */
  private static String program() {
    StringJoiner files = new StringJoiner("\n");
    for (String path : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      File file = Path.of(path).toFile();
      files.add(path + " " + file.length() + " " + file.lastModified());
    }
    return Bytes32.sha256(files.toString()).hex();
  }

  /** What is on the screen, if everything is as it was. */
  Optional<String> find() {
    Optional<byte[]> file = cache.read(name, LARGEST).filter(all -> all.length > Bytes32.LENGTH);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOfRange(file.get(), Bytes32.LENGTH, file.get().length);
    if (!Arrays.equals(Bytes32.sha256(body).toArray(), Arrays.copyOf(file.get(), Bytes32.LENGTH))) {
      return Optional.empty();
    }
    try {
      MapReader map = MapReader.of(DagCbor.decode(body), "steady plan", "v", "key", "from", "until", "text");
      map.requireInt("v", 1, 1);
      boolean same = map.requireBytes32("key").equals(key)
          && !now.isBefore(map.requireInstant("from")) && now.isBefore(map.requireInstant("until"));
      return same ? Optional.of(map.requireText("text", (int) LARGEST)) : Optional.empty();
    } catch (MalformedCborException e) {
      return Optional.empty();
    }
  }

  /** Remembers {@code recording} if {@code planning} changes nothing, nothing was said beside, and the vault stood still. */
  void keep(Planning planning, Recording recording) {
    if (!planning.plan().isEmpty() || !planning.plan().changes().isEmpty() || recording.saidMore()
        || !state(planning.head()).equals(state(head))) {
      return;
    }
    Instant until = Steadiness.until(planning.input(), planning.plan());
    byte[] body = DagCbor.encode(CborValue.of(Map.of(
        "v", CborValue.of(1),
        "key", CborValue.of(key.toArray()),
        "from", CborValue.of(now.getEpochSecond()),
        "until", CborValue.of((until.isBefore(LAST) ? until : LAST).getEpochSecond()),
        "text", CborValue.of(recording.text()))));
    byte[] all = Arrays.copyOf(Bytes32.sha256(body).toArray(), Bytes32.LENGTH + body.length);
    System.arraycopy(body, 0, all, Bytes32.LENGTH, body.length);
    cache.write(name, all);
  }

  /** A terminal whose output is also kept. */
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
          kept.write(bytes, from, length);
        }

        @Override
        public void write(int one) {
          super.write(one);
          kept.write(one);
        }
      };
    }

    String text() {
      return out.toString(StandardCharsets.UTF_8);
    }

    /** Whether there was anything on standard error, or more than a screen. */
    boolean saidMore() {
      return err.size() > 0 || out.size() > LARGEST / 2;
    }
  }
}
