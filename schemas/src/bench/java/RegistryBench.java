import com.sun.management.OperatingSystemMXBean;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import io.dvault.registry.Acts;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.registry.PublicFacts;
import io.dvault.registry.Registry;
import io.dvault.registry.RegistryDiff;
import io.dvault.registry.RegistryEditor;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * A registry of many devices with one SSH certificate each, in memory: what each step takes, and the heap after it.
 * Run from the project's root after a build:
 * {@code java -Xmx2g -cp schemas/target/classes schemas/src/bench/java/RegistryBench.java 100000}
 */
public final class RegistryBench {
  private static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));
  private static final VaultSalt SALT = new VaultSalt(Bytes32.sha256("salt"));
  private static final Instant START = Instant.ofEpochSecond(1_795_000_000);

  private RegistryBench() {}

  private static DeviceEntry device(int number, long generation) {
    EntryId id = new EntryId(SALT.hash("SshCertificate/host@" + number));
    byte[] certificate = new byte[500];
    certificate[0] = (byte) number;
    EntryRecord entry = new EntryRecord(
        generation, "SshCertificate", new SpecHash(SALT.hash("spec " + number)),
        Optional.of(Cid.of(Codec.RAW, certificate)), facts(number, certificate).encrypt(SALT, id, generation),
        new Validity(START, START.plusSeconds(604_800)), EntryStatus.ACTIVE, number);
    return DeviceEntry.of(DeviceId.ofRecipient("age1" + number), Map.of(id, entry));
  }

  private static PublicFacts facts(int number, byte[] certificate) {
    EntryAddress address = new EntryAddress("SshCertificate", "host", "drone-" + number);
    return PublicFacts.of(address, false, new byte[250], certificate);
  }

  private static <T> T step(String name, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    long cpuStart = cpuNanos();
    T result = work.call();
    long millis = (System.nanoTime() - start) / 1_000_000;
    long cpuMillis = (cpuNanos() - cpuStart) / 1_000_000;
    System.gc();
    long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    System.out.printf("%-46s %6d ms   cpu %6d ms   heap after %4d MiB%n", name, millis, cpuMillis, heap >> 20);
    return result;
  }

  /** Of all threads: what counts where other work shares the machine. */
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static RegistryEditor.Built build(RegistryEditor editor, long epoch, Optional<Cid> prev) {
    return editor.build(VAULT, epoch, prev, START, "");
  }

  public static void main(String[] args) throws Exception {
    int count = args.length == 0 ? 100_000 : Integer.parseInt(args[0]);
    MemoryBlockStore store = new MemoryBlockStore();
    RegistryEditor editor = RegistryEditor.empty();
    DeviceEntry[] devices = step("encrypt " + count + " public parts", () ->
        IntStream.range(0, count).parallel().mapToObj(i -> device(i, 1)).toArray(DeviceEntry[]::new));
    step("encode and hash as many device blocks", () -> {
      IntStream.range(0, count).parallel().forEach(i -> editor.put(devices[i]));
      return editor;
    });
    RegistryEditor.Built first = step("build the tree", () -> build(editor, 1, Optional.empty()));
    first.newBlocks().forEach(store::add);
    long bytes = first.newBlocks().stream().mapToLong(block -> block.bytes().length).sum();
    int largest = first.newBlocks().stream().mapToInt(block -> block.bytes().length).max().orElseThrow();
    System.out.printf("  %d blocks, %d MiB, largest %d bytes%n", first.newBlocks().size(), bytes >> 20, largest);
    Registry before = step("open", () -> Registry.open(store, first.root(), VAULT));
    step("read every device in order", () -> before.devices().mapToLong(device -> device.entries().size()).sum());
    step("find every device by id", () ->
        IntStream.range(0, count).filter(i -> before.findDevice(DeviceId.ofRecipient("age1" + i)).isPresent()).count());
    step("difference from nothing, as acts", () ->
        Acts.of(RegistryDiff.between(Optional.empty(), before), "", "bench").encode());
    RegistryEditor.Built one = step("change one device", () ->
        build(before.edit().put(device(7, 2)), 2, Optional.of(before.cid())));
    System.out.println("  " + one.newBlocks().stream().map(Block::toString).toList());
    RegistryEditor.Built all = step("change every device", () -> {
      RegistryEditor next = before.edit();
      IntStream.range(0, count).parallel().forEach(i -> next.put(device(i, 2)));
      return build(next, 2, Optional.of(before.cid()));
    });
    all.newBlocks().forEach(store::add);
    Registry after = Registry.open(store, all.root(), VAULT);
    step("difference of every device, as acts", () ->
        Acts.of(RegistryDiff.between(Optional.of(before), after), "", "bench").encode());
  }
}
