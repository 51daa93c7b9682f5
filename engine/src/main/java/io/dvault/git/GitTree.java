package io.dvault.git;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The entries below one folder of a commit's tree, without their contents. */
record GitTree(Map<String, Entry> entries) {
  private static final int MAX_DEPTH = 64;

  record Entry(ObjectId blob, FileMode mode) {}

  /** @param folder the vault's folder inside the repository, with {@code /}, or empty for the whole */
  static GitTree read(ObjectReader reader, ObjectId tree, String folder) throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      while (walk.next()) {
        String path = walk.getPathString();
        boolean above = !folder.isEmpty() && (folder.equals(path) || folder.startsWith(path + "/"));
        boolean inside = folder.isEmpty() || path.startsWith(folder + "/");
        if (walk.isSubtree()) {
          if (above || inside && FileRules.isVisible(walk.getNameString()) && walk.getDepth() < MAX_DEPTH) {
            walk.enterSubtree();
          }
        } else if (inside && FileRules.isVisible(walk.getNameString())) {
          String relative = folder.isEmpty() ? path : path.substring(folder.length() + 1);
          entries.put(relative, new Entry(walk.getObjectId(0), walk.getFileMode(0)));
        }
      }
    }
    return new GitTree(entries);
  }
}
