package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;

/** In which folder of a commit the vault is. It need not be where it is in the work tree. */
final class VaultFolder {
  private static final int SHOWN = 5;

  private VaultFolder() {}

  /**
   * The folder {@code chosen}; else the nearest with a {@code vault.yaml} from {@code standing} upwards; else the only
   * one anywhere; else {@code standing}, where nothing will be found.
   */
  static String find(Repository repository, ObjectId commit, String standing, String chosen) {
    try (RevWalk walk = new RevWalk(repository)) {
      ObjectId tree = walk.parseCommit(commit).getTree().getId();
      if (!chosen.isEmpty()) {
        return requireVault(walk, tree, commit, chosen.replaceAll("^(\\./)+|/+$", ""));
      }
      for (String each = standing;
          ;
          each = each.contains("/") ? each.substring(0, each.lastIndexOf('/')) : "") {
        if (isVault(walk, tree, each)) {
          return each;
        }
        if (each.isEmpty()) {
          return only(GitTree.vaults(walk.getObjectReader(), tree), commit, standing);
        }
      }
    } catch (IOException e) {
      throw CommitReader.unreadable(commit.name(), e);
    }
  }

  private static String requireVault(RevWalk walk, ObjectId tree, ObjectId commit, String folder)
      throws IOException {
    String chosen = folder.equals(".") ? "" : folder;
    if (isVault(walk, tree, chosen)) {
      return chosen;
    }
    throw new DiagnosticException(Diagnostic.error(
        "DV051",
        "there is no vault in that folder",
        "Commit " + commit.abbreviate(7).name() + " has no "
            + (chosen.isEmpty() ? "" : chosen + "/") + VaultRepository.MARKER + ".",
        vaults(GitTree.vaults(walk.getObjectReader(), tree))));
  }

  private static boolean isVault(RevWalk walk, ObjectId tree, String folder) throws IOException {
    String path = folder.isEmpty() ? VaultRepository.MARKER : folder + "/" + VaultRepository.MARKER;
    try (TreeWalk found = TreeWalk.forPath(walk.getObjectReader(), path, tree)) {
      return found != null && !found.isSubtree() && !found.getFileMode(0).equals(FileMode.GITLINK);
    }
  }

  private static String only(List<String> folders, ObjectId commit, String standing) {
    return switch (folders.size()) {
      case 0 -> standing;
      case 1 -> folders.getFirst();
      default ->
        throw new DiagnosticException(Diagnostic.error(
            "DV051",
            "there are several vaults in the repository",
            vaults(folders),
            "Name the folder: --ref " + commit.abbreviate(7).name() + ":" + folders.getFirst()));
    };
  }

  private static String vaults(List<String> folders) {
    List<String> names = new ArrayList<>();
    folders.stream().limit(SHOWN).forEach(each -> names.add(each.isEmpty() ? "." : each));
    if (folders.size() > SHOWN) {
      names.add("and " + (folders.size() - SHOWN) + " more");
    }
    return names.isEmpty()
        ? "It has no vault at all."
        : "It has vaults in: " + String.join(", ", names) + ".";
  }
}
