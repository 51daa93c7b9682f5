package io.dvault.cli;

import io.dvault.config.Plugins;
import io.dvault.dag.BlockStore;
import io.dvault.devnet.Devnet;
import io.dvault.devnet.DevnetInfo;
import io.dvault.spi.BlockStoreProvider;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A devnet on free ports in a test's folder. */
final class TestDevnet implements AutoCloseable {
  private final BlockStore blocks;
  private final Devnet devnet;

  private TestDevnet(BlockStore blocks, Devnet devnet) {
    this.blocks = blocks;
    this.devnet = devnet;
  }

  static TestDevnet start(Path folder) {
    Findings findings = new Findings();
    byte[] yaml = "{store: folder, path: .dvault/blocks}".getBytes(StandardCharsets.UTF_8);
    BlockStoreProvider.Opener opener = Plugins.load()
        .stores()
        .get("folder")
        .configure(YamlReader.read("test", yaml, findings).getFirst().fields("", findings), folder);
    BlockStore blocks = opener.open();
    return new TestDevnet(
        blocks,
        Devnet.start(Devnet.Options.forgotten(folder), blocks, folder.resolve(".dvault/blocks")));
  }

  DevnetInfo info() {
    return devnet.info();
  }

  @Override
  public void close() {
    devnet.close();
    blocks.close();
  }
}
