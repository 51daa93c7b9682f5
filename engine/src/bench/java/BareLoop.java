import io.dvault.bundle.Identity;
import io.dvault.bundle.Payload;
import io.dvault.bundle.Recipient;
import io.dvault.bundle.SealedBundle;
import io.dvault.cbor.CborValue;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SourcePosition;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import io.dvault.plugin.ssh.SshAuthorityType;
import io.dvault.plugin.ssh.SshCertificateKind;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What an apply cannot do without, and nothing else: key pair, SSH host certificate and sealed bundle, for ever new
 * keys, on all processors. {@code BareLoop SECONDS} prints devices a second and the microseconds of processor time that
 * each took, with compiling and collecting garbage. Run with {@code java --enable-native-access=ALL-UNNAMED
 * -cp 'engine/target/dist/lib/*' engine/src/bench/java/BareLoop.java}.
 */
final class BareLoop {
  private static final int RECIPIENTS = 512; // what they cost to parse is not part of this
  private static final long WARM_UP_NANOS = 5_000_000_000L;

  private record Target(EntryTemplate template, EntryId entry, Recipient recipient) {}

  private final List<Target> targets = new ArrayList<>();
  private final AuthorityKey authority;
  private final SshCertificateKind kind = new SshCertificateKind();
  private final VaultId vault = new VaultId(Bytes32.sha256("bare loop"));
  private final Validity validity =
      new Validity(Instant.ofEpochSecond(1_795_000_000), Instant.ofEpochSecond(1_795_604_800));

  private BareLoop() {
    SecureRandom random = new SecureRandom();
    SshAuthorityType type = new SshAuthorityType();
    authority = type.open("fleet-ssh", 1, type.generate("ed25519", "fleet-ssh", Instant.now(), random).privatePart());
    VaultSalt salt = new VaultSalt(Bytes32.sha256("salt"));
    for (int i = 0; i < RECIPIENTS; i++) {
      EntryAddress address = new EntryAddress("SshCertificate", "sshd-host", "drone-%06d".formatted(i));
      EntryTemplate template = new EntryTemplate(
          address,
          CborValue.of(Map.of(
              "type", CborValue.of("host"),
              "principals", CborValue.of(List.of(CborValue.of(address.device() + ".fleet.example"))))),
          CborValue.of(Map.of("path", CborValue.of("/etc/ssh/dvault"), "address", CborValue.of(address.toString()))),
          Duration.ofDays(7), Duration.ofDays(2), Renewal.RENEW, Optional.of("fleet-ssh"), List.of(), false,
          new SourcePosition("bare.yaml", 1, 1));
      try (Identity identity = Identity.generate(random)) {
        targets.add(new Target(template, EntryId.of(salt, address), Recipient.parse(identity.recipient().toString())));
      }
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    BareLoop loop = new BareLoop();
    loop.run(WARM_UP_NANOS);
    long seconds = Long.parseLong(arguments[0]);
    long wall = System.nanoTime();
    long processor = processorNanos();
    long devices = loop.run(seconds * 1_000_000_000L);
    System.out.printf(Locale.ROOT, "%.0f %.0f%n", devices * 1e9 / (System.nanoTime() - wall),
        (processorNanos() - processor) / 1e3 / devices);
  }

  private static long processorNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** How many were done in that time. */
  private long run(long nanos) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long end = System.nanoTime() + nanos;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      threads.add(Thread.ofPlatform().start(() -> work(end, done)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return done.get();
  }

  private void work(long end, AtomicLong done) {
    SecureRandom random = new SecureRandom();
    long bytes = 0;
    for (int turn = 0; System.nanoTime() < end; turn++) {
      bytes += issue(targets.get(turn % RECIPIENTS), turn + 1, random).length;
      done.incrementAndGet();
    }
    if (bytes == 0) {
      throw new IllegalStateException("nothing was sealed");
    }
  }

  private byte[] issue(Target target, long serial, SecureRandom random) {
    EntryTemplate template = target.template();
    Issued issued = kind.issue(new IssueRequest(template, target.entry(), 1, validity, serial, Optional.of(authority),
        Map.of(), reference -> {
          throw new IllegalStateException("no source is read here: " + reference);
        }, random));
    Payload payload = new Payload(vault, target.recipient().deviceId(), target.entry(), 1, 1, validity,
        template.address().kind(), issued.material(), template.install());
    return SealedBundle.seal(payload, target.recipient(), random);
  }
}
