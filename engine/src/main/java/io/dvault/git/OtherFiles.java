package io.dvault.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Files that git tracks beside the vault's own: what stands there is published with them. */
final class OtherFiles {
  /** Private keys are short; what is longer is not looked at. */
  static final int MAX_FILE = 64 << 10;

  private final ObjectReader reader;
  private final String folder;
  private final List<SourceFile> found = new ArrayList<>();

  private OtherFiles(ObjectReader reader, String folder) {
    this.reader = reader;
    this.folder = folder.isEmpty() ? "" : folder + "/";
  }

  /** What the index holds: committed, or added to be. */
  static List<SourceFile> ofIndex(Repository repository, String folder) {
    try (ObjectReader reader = repository.newObjectReader()) {
      OtherFiles files = new OtherFiles(reader, folder);
      DirCache index = repository.readDirCache();
      for (int i = 0; i < index.getEntryCount(); i++) {
        DirCacheEntry entry = index.getEntry(i);
        files.look(entry.getPathString(), entry.getFileMode(), entry.getObjectId());
      }
      return files.found;
    } catch (IOException e) {
      throw CommitReader.unreadable("in the index", e);
    }
  }

  static List<SourceFile> ofCommit(Repository repository, ObjectId commit, String folder) {
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk tree = new TreeWalk(walk.getObjectReader())) {
      OtherFiles files = new OtherFiles(walk.getObjectReader(), folder);
      tree.addTree(walk.parseCommit(commit).getTree());
      tree.setRecursive(true);
      while (tree.next()) {
        files.look(tree.getPathString(), tree.getFileMode(0), tree.getObjectId(0));
      }
      return files.found;
    } catch (IOException e) {
      throw CommitReader.unreadable(commit.name(), e);
    }
  }

  private void look(String path, FileMode mode, ObjectId blob) throws IOException {
    boolean file = mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
    if (!file || !path.startsWith(folder) || found.size() >= FileRules.MAX_FILES) {
      return;
    }
    String relative = path.substring(folder.length());
    if (FileRules.isRelevant(relative) && !relative.endsWith(".age")
        || !reader.has(blob, Constants.OBJ_BLOB)) {
      return; // YAML is looked at where it is read; a partial clone leaves blobs out
    }
    var loader = reader.open(blob, Constants.OBJ_BLOB);
    if (loader.getSize() <= MAX_FILE) {
      found.add(new SourceFile(relative, loader.getCachedBytes(MAX_FILE)));
    }
  }
}
