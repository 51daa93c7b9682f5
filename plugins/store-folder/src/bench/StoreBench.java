import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.gateway.GatewayBlockSource;
import io.dvault.gateway.ReadBack;
import io.dvault.gateway.server.TrustlessGateway;
import io.dvault.store.folder.FolderBlockStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Put, local read and read-back of many blocks: {@code plugins/store-folder/src/bench/run [blocks] [bytes]}. */
public final class StoreBench {
  private StoreBench() {}

  public static void main(String[] args) throws Exception {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int length = args.length > 1 ? Integer.parseInt(args[1]) : 4096;
    Path folder = Files.createTempDirectory("store-bench");
    List<Block> blocks = new ArrayList<>(count);
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      blocks.add(Block.of(Codec.RAW, bytes));
    }
    List<Cid> cids = blocks.stream().map(Block::cid).toList();
    try (FolderBlockStore store = FolderBlockStore.open(folder)) {
      long start = System.nanoTime();
      store.put(List.of(cids.getFirst()), blocks);
      report("put (one CAR, one fsync)", count, length, start);
      start = System.nanoTime();
      cids.forEach(store::get);
      report("read and hash, one thread", count, length, start);
      try (TrustlessGateway gateway = TrustlessGateway.start(store, 0);
          GatewayBlockSource source = new GatewayBlockSource(List.of(gateway.uri()))) {
        for (int parallel : new int[] {1, 4, 8, 16, 8}) {
          start = System.nanoTime();
          new ReadBack(parallel, java.time.Duration.ZERO).verify(Map.of("gateway", source), cids, (done, all) -> { });
          report("read back over HTTP, " + parallel + " at once", count, length, start);
        }
      }
    }
    try (var files = Files.walk(folder)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }

  private static void report(String what, int count, int length, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf("%-36s %8.2f s %10.0f blocks/s %8.0f MiB/s%n",
        what, seconds, count / seconds, (double) count * length / seconds / (1 << 20));
  }
}
