package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.lib.BaseRepositoryBuilder;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryCache;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.util.FS;

/** Opens a git repository as JGit sees it, cut off from the machine's configuration. */
final class GitFolder {
  private GitFolder() {}

  /** Whether the folder itself is a repository without a work tree. */
  static boolean isBare(Path folder) {
    if (!VaultLocation.looksBare(folder)) {
      return false; // before JGit is loaded
    }
    IsolatedSystem.install();
    return RepositoryCache.FileKey.isGitRepository(folder.toFile(), FS.DETECTED);
  }

  /** The repository of a work tree: its {@code .git} is a folder, or a file that names one. */
  static Repository openWorkTree(Path top) {
    return build(
        new FileRepositoryBuilder().setWorkTree(top.toFile()), top.resolve(VaultLocation.DOT_GIT));
  }

  /** @param workTree where its files are checked out, unless its own configuration says that it is bare */
  static Repository open(Path gitDir, Path workTree) {
    FileRepositoryBuilder builder = new FileRepositoryBuilder().setGitDir(gitDir.toFile());
    Repository repository = build(builder, gitDir);
    if (repository.isBare()) {
      return repository;
    }
    repository.close();
    return build(
        new FileRepositoryBuilder().setGitDir(gitDir.toFile()).setWorkTree(workTree.toFile()),
        gitDir);
  }

  /** JGit would read half of each id of another hash. */
  private static Repository requireSha1(Repository repository, Path shown) {
    String hash = repository.getConfig().getString("extensions", null, "objectformat");
    if (hash == null || hash.equalsIgnoreCase("sha1")) {
      return repository;
    }
    repository.close();
    throw new DiagnosticException(Diagnostic.error(
        "DV025",
        "the git repository has a format that is not read",
        shown + " names its objects by " + hash + "; sha1 is read.",
        "Make one with git init --object-format=sha1."));
  }

  private static Repository build(
      BaseRepositoryBuilder<?, ? extends Repository> builder, Path shown) {
    IsolatedSystem.install();
    try {
      return requireSha1(builder.setMustExist(true).build(), shown);
    } catch (IOException | IllegalArgumentException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV025", "the git repository cannot be read", shown + ": " + e.getMessage()));
    }
  }
}
