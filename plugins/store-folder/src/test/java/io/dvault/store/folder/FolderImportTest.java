package io.dvault.store.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.dag.Block;
import io.dvault.dag.BlockStoreConformance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real {@code ipfs} takes the folder's CARs as they are. */
@Tag("peer:ipfs")
class FolderImportTest {
  @TempDir
  private Path temp;

  private byte[] ipfs(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ipfs"));
    command.addAll(List.of(arguments));
    Path out = temp.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(temp.resolve("err").toFile());
    builder.environment().put("IPFS_PATH", temp.resolve("ipfs").toString());
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals("0", process.exitValue() == 0 ? "0" : Files.readString(temp.resolve("err")));
    return Files.readAllBytes(out);
  }

  @Test
  @Tag("T30")
  void dagImport_allCarsOldestFirst_pinsTheHistoryThroughAGarbageCollection() throws Exception {
    try (FolderBlockStore store = FolderBlockStore.open(temp.resolve("blocks"))) {
      List<Block> first = BlockStoreConformance.tree("first", 50);
      store.put(List.of(first.getFirst().cid()), first);
      Block leaf = Block.of(Codec.RAW, new byte[4096]);
      Block second = Block.of(
          Codec.DAG_CBOR,
          DagCbor.encode(CborValue.of(Map.of(
              "prev", CborValue.of(first.getFirst().cid()), "leaf", CborValue.of(leaf.cid())))));
      store.put(List.of(second.cid()), List.of(second, leaf));
      ipfs("init", "-e", "--profile=test");
      List<String> arguments = new ArrayList<>(List.of("dag", "import"));
      store.cars().forEach(car -> arguments.add(car.toString()));
      ipfs(arguments.toArray(String[]::new));
      ipfs("repo", "gc");
      for (Block block : List.of(first.getFirst(), first.getLast(), second, leaf)) {
        assertArrayEquals(block.bytes(), ipfs("block", "get", block.cid().toString()));
      }
      String pins = new String(ipfs("pin", "ls", "--type=recursive"), StandardCharsets.US_ASCII);
      assertTrue(
          pins.contains(first.getFirst().cid().toString())
              && pins.contains(second.cid().toString()),
          pins);
    }
  }
}
