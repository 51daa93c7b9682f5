package io.dvault.spi;

import io.dvault.dag.BlockStore;
import io.dvault.yaml.Fields;
import java.nio.file.Path;

/** Makes block stores of one sort from {@code blocks.publish} in {@code vault.yaml}. */
public interface BlockStoreProvider {
  /** The {@code store:} value: {@code folder}, {@code kubo}. */
  String store();

  /** Reads the settings and reports what is wrong through them; touches nothing yet. */
  Opener configure(Fields settings, Path repository);

  /** Opens a configured store; the environment's faults surface here, as {@code DiagnosticException}. */
  interface Opener {
    BlockStore open();
  }
}
