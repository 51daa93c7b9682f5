package io.dvault.install;

import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.disk.RefusedException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The symlinks by which the device's services see the current generation. A folder that is somebody else's, or that is
 * reached through a link, is refused: docs/threat-model.md T35.
 */
final class ManagedFolders {
  private final Layout layout;
  private final DurableFiles files;

  ManagedFolders(Layout layout, DurableFiles files) {
    this.layout = layout;
    this.files = files;
  }

  /** Makes sure that {@code folder} is our link into the current generation; it may replace an empty folder only. */
  void require(String folder) throws RefusedException {
    Path link = layout.onDevice(folder);
    Path target = layout.current().resolve(folder.substring(1));
    try {
      requirePlainParents(link);
      if (Files.isSymbolicLink(link)) {
        if (!Files.readSymbolicLink(link).equals(target)) {
          throw new RefusedException("DV545", link + " is a link to somewhere else: not followed");
        }
        return;
      }
      if (Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(link);
      } else if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        throw new RefusedException("DV545", link + " is no folder");
      }
      DurableFiles.folders(link.getParent(), 0755);
      files.relink(link, target);
    } catch (DirectoryNotEmptyException e) {
      throw new RefusedException(
          "DV545", link + " has files that are not dVault's: move them, or list another folder");
    } catch (IOException e) {
      throw new RefusedException("DV545", link + ": " + e.getMessage());
    }
  }

  private void requirePlainParents(Path link) throws RefusedException {
    Path above = layout.device();
    for (Path name : layout.device().relativize(link.getParent())) {
      above = above.resolve(name);
      if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
        throw new RefusedException("DV545", above + " is a link or no folder: not followed");
      }
    }
  }
}
