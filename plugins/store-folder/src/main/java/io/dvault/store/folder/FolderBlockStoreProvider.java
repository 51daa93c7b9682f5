package io.dvault.store.folder;

import io.dvault.spi.BlockStoreProvider;
import io.dvault.yaml.Fields;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** {@code {store: folder, path: .dvault/blocks}}; the path is taken from the repository's root. */
public final class FolderBlockStoreProvider implements BlockStoreProvider {
  @Override
  public String store() {
    return "folder";
  }

  @Override
  public Opener configure(Fields settings, Path repository) {
    String path = settings.requireString("path");
    try {
      Path folder = repository.resolve(path);
      return () -> FolderBlockStore.open(folder);
    } catch (InvalidPathException e) {
      settings.error("path", "DV412", "not a path", "Name a folder, like \".dvault/blocks\".");
      return () -> {
        throw new IllegalStateException("opened in spite of findings");
      };
    }
  }
}
