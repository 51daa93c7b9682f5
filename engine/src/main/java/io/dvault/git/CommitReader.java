package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The files of one commit, out of git's objects. */
final class CommitReader {
  private static final int LONGEST_LINK = 4096;

  private CommitReader() {}

  static boolean has(Repository repository, ObjectId commit) {
    try (ObjectReader reader = repository.newObjectReader()) {
      return reader.has(commit, Constants.OBJ_COMMIT);
    } catch (IOException e) {
      throw unreadable(commit.name(), e);
    }
  }

  /** What lies below {@code folder}, without contents. */
  static GitTree tree(Repository repository, ObjectId commit, String folder) {
    try (RevWalk walk = new RevWalk(repository)) {
      return GitTree.read(walk.getObjectReader(), walk.parseCommit(commit).getTree(), folder);
    } catch (IOException e) {
      throw unreadable(commit.name(), e);
    }
  }

  static FileRules read(Repository repository, ObjectId commit, String folder) {
    return read(repository, commit, folder, path -> true);
  }

  /** @param chosen whether a path is read */
  static FileRules read(
      Repository repository, ObjectId commit, String folder, Predicate<String> chosen) {
    FileRules rules = new FileRules();
    GitTree tree = tree(repository, commit, folder);
    tree.findings().forEach(rules::found);
    try (ObjectReader reader = repository.newObjectReader()) {
      for (Map.Entry<String, GitTree.Entry> each : tree.entries().entrySet()) {
        if (chosen.test(each.getKey())) {
          read(reader, each.getKey(), each.getValue(), rules);
        }
      }
      return rules;
    } catch (IOException | LargeObjectException e) {
      throw unreadable(commit.name(), e);
    }
  }

  /** Empty when there is none, or it is a link, a folder, or too large. */
  static Optional<byte[]> findFile(Repository repository, ObjectId commit, String path) {
    try (RevWalk walk = new RevWalk(repository);
        TreeWalk found = TreeWalk.forPath(
            walk.getObjectReader(), path, walk.parseCommit(commit).getTree())) {
      if (found == null
          || !new GitTree.Entry(found.getObjectId(0), found.getFileMode(0)).isFile()) {
        return Optional.empty();
      }
      ObjectLoader blob = walk.getObjectReader().open(found.getObjectId(0), Constants.OBJ_BLOB);
      return blob.getSize() > FileRules.MAX_FILE
          ? Optional.empty()
          : Optional.of(blob.getCachedBytes());
    } catch (IOException | LargeObjectException e) {
      throw unreadable(commit.name(), e);
    }
  }

  private static void read(ObjectReader reader, String path, GitTree.Entry entry, FileRules rules)
      throws IOException {
    if (entry.mode().equals(FileMode.GITLINK)) {
      rules.submodule(path);
    } else if (entry.mode().equals(FileMode.SYMLINK)) {
      byte[] target = reader.open(entry.blob(), Constants.OBJ_BLOB).getCachedBytes(LONGEST_LINK);
      rules.link(path, new String(target, StandardCharsets.UTF_8));
    } else {
      var blob = reader.open(entry.blob(), Constants.OBJ_BLOB);
      if (rules.fits(path, blob.getSize())) {
        rules.add(new SourceFile(path, blob.getCachedBytes(FileRules.MAX_FILE)));
      }
    }
  }

  static DiagnosticException unreadable(String commit, Exception cause) {
    return new DiagnosticException(
        cause instanceof MissingObjectException missing
            ? Diagnostic.error(
                "DV053",
                "this clone lacks a git object",
                "Commit " + commit + " needs " + missing.getObjectId().name() + ".",
                "A partial or shallow clone leaves objects out: git fetch --unshallow, or",
                "git fetch --refetch --filter=blob:limit=4m.")
            : Diagnostic.error(
                "DV025",
                "the git repository cannot be read",
                "Commit " + commit + ": " + cause.getMessage(),
                "Check it with `git fsck`."));
  }
}
