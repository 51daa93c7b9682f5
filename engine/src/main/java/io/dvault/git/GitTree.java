package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * What a vault's folder of a commit has to be looked at for, without the contents.
 *
 * @param entries the files that are read, and all links and submodules, by path within the folder
 * @param findings about names that no two readers would understand alike
 */
record GitTree(SortedMap<String, Entry> entries, List<Diagnostic> findings) {

  private static final int MANY_VAULTS = 1_000;

  record Entry(ObjectId blob, FileMode mode) {
    boolean isFile() {
      return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
    }
  }

  /** How many files there are to read. */
  long files() {
    return entries.values().stream().filter(Entry::isFile).count();
  }

  /** @param folder the vault's folder inside the repository, with {@code /}, or empty for the whole */
  static GitTree read(ObjectReader reader, ObjectId tree, String folder) throws IOException {
    GitTree found = new GitTree(new TreeMap<>(), new ArrayList<>());
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    FileRules.Walked walked = new FileRules.Walked();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      while (walk.next()) {
        walked.step();
        String path = walk.getPathString();
        boolean above = !folder.isEmpty() && (folder.equals(path) || folder.startsWith(path + "/"));
        boolean inside = folder.isEmpty() || path.startsWith(folder + "/");
        String relative = !inside || folder.isEmpty() ? path : path.substring(folder.length() + 1);
        if (!above && (!inside || !FileRules.isVisible(walk.getNameString()))) {
          continue;
        }
        if (!walk.isSubtree()) {
          found.add(
              relative,
              new Entry(walk.getObjectId(0), walk.getFileMode(0)),
              walk.getRawPath(),
              utf8);
        } else if (above || FileRules.isShallow(relative)) {
          walk.enterSubtree();
        } else {
          found.findings().add(FileRules.tooDeep(relative));
        }
      }
    }
    return found;
  }

  private void add(String path, Entry entry, byte[] raw, CharsetDecoder utf8) {
    if (entry.isFile() && !FileRules.isRelevant(path)) {
      return;
    }
    try {
      utf8.decode(ByteBuffer.wrap(raw));
    } catch (CharacterCodingException e) {
      findings.add(FileRules.notUtf8(path));
      return;
    }
    if (entries.size() > FileRules.MAX_FILES) {
      throw FileRules.tooMany();
    }
    if (entries.put(path, entry) != null) {
      findings.add(Diagnostic.error(
              "DV025",
              "two files of one name in one git tree",
              "git itself never writes such a tree, and programs differ in which of the two they see.",
              "See `git fsck`.")
          .at(new SourcePosition(path, 1, 1)));
    }
  }

  /** The folders with a {@code vault.yaml}, sorted, or some of very many; "" for the whole. */
  static List<String> vaults(ObjectReader reader, ObjectId tree) throws IOException {
    List<String> folders = new ArrayList<>();
    FileRules.Walked walked = new FileRules.Walked();
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(tree);
      while (walk.next()) {
        walked.step();
        String path = walk.getPathString();
        if (!FileRules.isVisible(walk.getNameString())) {
          continue;
        }
        if (walk.isSubtree()) {
          if (FileRules.isShallow(path)) {
            walk.enterSubtree();
          }
        } else if (walk.getNameString().equals(VaultRepository.MARKER)) {
          int slash = path.lastIndexOf('/');
          folders.add(slash < 0 ? "" : path.substring(0, slash));
          if (folders.size() > MANY_VAULTS) {
            break;
          }
        }
      }
    }
    return folders.stream().sorted().toList();
  }
}
