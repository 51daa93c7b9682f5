package io.dvault.store.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.dag.Block;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockStoreConformance;
import io.dvault.spi.BlockStoreProvider;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlockStoreProviderTest {
  @TempDir
  private Path repository;

  private final Findings findings = new Findings();

  private static BlockStoreProvider provider() {
    return ServiceLoader.load(BlockStoreProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(each -> each.store().equals("folder"))
        .findFirst()
        .orElseThrow();
  }

  private BlockStoreProvider.Opener configure(String yaml) {
    YamlFields fields = YamlFields.parse("vault.yaml", yaml, findings);
    assertEquals("folder", fields.requireString("store"));
    BlockStoreProvider.Opener opener = provider().configure(fields, repository);
    fields.finish();
    return opener;
  }

  @Test
  @Tag("E1")
  void configure_pathInTheRepository_opensThereAndNotBefore() {
    BlockStoreProvider.Opener opener = configure("store: folder\npath: .dvault/blocks\n");
    assertTrue(findings.sorted().isEmpty(), () -> findings.sorted().toString());
    assertFalse(Files.exists(repository.resolve(".dvault")));
    try (BlockStore store = opener.open()) {
      List<Block> blocks = BlockStoreConformance.tree("x", 1);
      store.put(List.of(blocks.getFirst().cid()), blocks);
      assertArrayEquals(
          blocks.getFirst().bytes(), store.get(blocks.getFirst().cid()).bytes());
      assertTrue(Files.isDirectory(repository.resolve(".dvault/blocks")));
    }
  }

  @Test
  void configure_noPath_isAFinding() {
    configure("store: folder\n");
    assertEquals(1, findings.sorted().size());
  }

  @Test
  void configure_notAPath_isAFinding() {
    configure("store: folder\npath: \"a\\0b\"\n");
    assertEquals("DV412", findings.sorted().getFirst().code());
  }
}
