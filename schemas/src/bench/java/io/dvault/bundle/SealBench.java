package io.dvault.bundle;

import io.dvault.cbor.CborValue;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/**
 * Whole sealed bundles a second (encode, pad, seal) beside BouncyCastle's bare HPKE seal of the same plaintext, on the
 * same cores. Rates are per second of the threads' own processor time: other work on the machine does not count.
 * Arguments: seconds a round, rounds. Compiled by the Maven profile {@code bench} alone.
 */
final class SealBench {
  private static final int RECIPIENTS = 64;
  private static final byte[] NONE = new byte[0];

  private SealBench() {}

  /** One unit of work; the number says which recipient. */
  private interface Work {
    int run(int turn, SecureRandom random) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
    List<Recipient> recipients = new ArrayList<>();
    for (int i = 0; i < RECIPIENTS; i++) {
      recipients.add(Recipient.parse(Identity.generate(new SecureRandom()).recipient().toString()));
    }
    Work ours = ours(recipients);
    Work bare = bare(recipients);
    System.out.printf("Java %s, %d processors%n", Runtime.version(), Runtime.getRuntime().availableProcessors());
    for (int threads = 1; threads <= 2; threads++) {
      double bestOurs = 0;
      double bestBare = 0;
      for (int round = 0; round <= rounds; round++) { // in turns, so that both meet the same machine; round 0 warms up
        double bareRate = rate(bare, threads, seconds);
        double oursRate = rate(ours, threads, seconds);
        if (round > 0) {
          bestOurs = Math.max(bestOurs, oursRate);
          bestBare = Math.max(bestBare, bareRate);
        }
      }
      System.out.printf("%d thread(s): sealed bundles %,.0f/s, bare HPKE seal %,.0f/s, ratio %.2f%n",
          threads, bestOurs, bestBare, bestOurs / bestBare);
    }
  }

  private static Payload payload(Recipient recipient) {
    byte[] key = new byte[400]; // as long as an OpenSSH private key file
    new SecureRandom().nextBytes(key);
    return new Payload(
        new VaultId(Bytes32.sha256("vault")), recipient.deviceId(), new EntryId(Bytes32.sha256("entry")), 1, 1,
        new Validity(Instant.ofEpochSecond(1_795_000_000), Instant.ofEpochSecond(1_795_604_800)), "SshCertificate",
        CborValue.of(Map.of("privateKey", CborValue.of(key), "certificate", CborValue.of("x".repeat(600)))),
        CborValue.of(Map.of(
            "path", CborValue.of("/etc/ssh/dvault"), "name", CborValue.of("SshCertificate/host@drone-7"))));
  }

  private static Work ours(List<Recipient> recipients) {
    List<Payload> payloads = recipients.stream().map(SealBench::payload).toList();
    return (turn, random) ->
        SealedBundle.seal(payloads.get(turn % RECIPIENTS), recipients.get(turn % RECIPIENTS), random).length;
  }

  private static Work bare(List<Recipient> recipients) {
    HPKE hpke =
        new HPKE(HPKE.mode_base, HPKE.kem_MLKEM768_X25519, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
    List<AsymmetricKeyParameter> keys =
        recipients.stream().map(each -> hpke.deserializePublicKey(Bech32.decode(each.toString()).data())).toList();
    byte[] plaintext = PayloadCodec.encode(payload(recipients.getFirst()));
    return (turn, random) -> {
      // A context of its own a thread: BouncyCastle's HPKE is not said to be thread-safe.
      HPKE own = new HPKE(HPKE.mode_base, HPKE.kem_MLKEM768_X25519, HPKE.kdf_HKDF_SHA256, HPKE.aead_CHACHA20_POLY1305);
      byte[][] sealed = own.seal(keys.get(turn % RECIPIENTS), NONE, NONE, plaintext, null, null, null);
      return sealed[0].length;
    };
  }

  private static double rate(Work work, int threads, int seconds) throws InterruptedException, ExecutionException {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      List<Future<Double>> rates = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        rates.add(pool.submit(() -> run(work, end)));
      }
      double[] done = new double[threads];
      for (int i = 0; i < threads; i++) {
        done[i] = rates.get(i).get();
      }
      return Arrays.stream(done).sum();
    }
  }

  private static double run(Work work, long end) throws Exception {
    SecureRandom random = new SecureRandom();
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long start = clock.getCurrentThreadCpuTime();
    long count = 0;
    long bytes = 0;
    while (System.nanoTime() < end) {
      bytes += work.run((int) count, random);
      count++;
    }
    if (bytes == 0) {
      throw new IllegalStateException("nothing was sealed");
    }
    return count * 1e9 / (clock.getCurrentThreadCpuTime() - start);
  }
}
