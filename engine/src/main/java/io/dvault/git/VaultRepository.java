package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.eclipse.jgit.errors.LargeObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/**
 * The folder of a vault, in a git repository or not. Nothing is checked out, no filter, hook or configuration outside
 * the repository takes part, and blobs are read as they are. JGit is loaded only where there is a {@code .git}.
 */
public final class VaultRepository implements AutoCloseable {
  /** The file that marks a vault's folder. */
  public static final String MARKER = "vault.yaml";

  private final Path root;
  private final Optional<Git> git;

  private VaultRepository(Path root, Optional<Git> git) {
    this.root = root;
    this.git = git;
  }

  private record Git(Repository repository, String folder) {}

  /**
   * Opens the vault that {@code folder} belongs to: the nearest folder upwards with a {@code vault.yaml}, though not
   * above the git repository; {@code folder} itself when there is none.
   */
  public static VaultRepository open(Path folder) {
    Path start = folder.toAbsolutePath().normalize();
    if (!Files.isDirectory(start)) {
      throw new DiagnosticException(Diagnostic.error("DV025", "there is no folder " + folder));
    }
    Path root = start;
    for (Path each = start; each != null; each = each.getParent()) {
      if (Files.isRegularFile(each.resolve(MARKER))) {
        root = each;
        break;
      }
      if (Files.exists(each.resolve(Constants.DOT_GIT))) {
        break;
      }
    }
    return new VaultRepository(root, openGit(root));
  }

  private static Optional<Git> openGit(Path root) {
    Path top = root;
    while (top != null && !Files.exists(top.resolve(Constants.DOT_GIT))) {
      top = top.getParent();
    }
    if (top == null) {
      return Optional.empty();
    }
    IsolatedSystem.install();
    try {
      FileRepositoryBuilder builder = new FileRepositoryBuilder();
      builder.setWorkTree(top.toFile()).setMustExist(true);
      String folder = top.relativize(root).toString().replace('\\', '/');
      return Optional.of(new Git(builder.build(), folder));
    } catch (IOException | IllegalArgumentException e) {
      throw new DiagnosticException(Diagnostic.error("DV025", "the git repository cannot be read",
          top.resolve(Constants.DOT_GIT) + ": " + e.getMessage()));
    }
  }

  /** The vault's folder, absolute. */
  public Path root() {
    return root;
  }

  public boolean isGit() {
    return git.isPresent();
  }

  /** The files as they are on disk now, held against the last commit. */
  public RepositoryView workTree() {
    FileRules rules = new FileRules();
    try {
      WorkTree.read(root, rules);
      Optional<ObjectId> head = git.isEmpty() ? Optional.empty() : findHead();
      boolean clean = head.isPresent() && isClean(head.get(), rules.files());
      return new RepositoryView(root, head.map(ObjectId::name).orElse(""), clean, rules.files(), rules.findings());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ObjectId> findHead() throws IOException {
    return Optional.ofNullable(git.orElseThrow().repository().resolve(Constants.HEAD));
  }

  /** Whether the relevant files on disk are exactly those of the commit, by blob id. */
  private boolean isClean(ObjectId commit, SortedMap<String, SourceFile> files) throws IOException {
    GitTree tree = tree(commit);
    long committed = tree.entries().entrySet().stream()
        .filter(each -> isFile(each.getValue().mode()) && FileRules.isRelevant(each.getKey()))
        .count();
    return committed == files.size() && files.values().parallelStream().allMatch(file -> same(tree, file));
  }

  private static boolean same(GitTree tree, SourceFile file) {
    GitTree.Entry entry = tree.entries().get(file.path());
    return entry != null && isFile(entry.mode()) && entry.blob().equals(blobId(file.content()));
  }

  /** As git computes it; the platform's SHA-1 is many times faster than JGit's, which looks for collisions too. */
  private static ObjectId blobId(byte[] content) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return ObjectId.fromRaw(sha1.digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private static boolean isFile(FileMode mode) {
    return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
  }

  private GitTree tree(ObjectId commit) throws IOException {
    Git opened = git.orElseThrow();
    try (RevWalk walk = new RevWalk(opened.repository())) {
      RevCommit parsed = walk.parseCommit(commit);
      return GitTree.read(walk.getObjectReader(), parsed.getTree(), opened.folder());
    }
  }

  /** The files of a commit, straight out of git's objects; empty when this repository does not have the commit. */
  public Optional<RepositoryView> findCommit(String commit) {
    if (git.isEmpty() || !ObjectId.isId(commit)) {
      return Optional.empty();
    }
    Repository repository = git.get().repository();
    ObjectId id = ObjectId.fromString(commit);
    try (ObjectReader reader = repository.newObjectReader()) {
      if (!reader.has(id, Constants.OBJ_COMMIT)) {
        return Optional.empty();
      }
      FileRules rules = new FileRules();
      for (Map.Entry<String, GitTree.Entry> each : tree(id).entries().entrySet()) {
        read(reader, each.getKey(), each.getValue(), rules);
      }
      return Optional.of(new RepositoryView(root, commit, true, rules.files(), rules.findings()));
    } catch (IOException | LargeObjectException e) {
      throw new DiagnosticException(Diagnostic.error("DV025", "the git repository cannot be read",
          "Commit " + commit + ": " + e.getMessage(), "Check it with `git fsck`."));
    }
  }

  private static void read(ObjectReader reader, String path, GitTree.Entry entry, FileRules rules) throws IOException {
    if (entry.mode().equals(FileMode.GITLINK)) {
      rules.submodule(path);
    } else if (entry.mode().equals(FileMode.SYMLINK)) {
      byte[] target = reader.open(entry.blob(), Constants.OBJ_BLOB).getCachedBytes(4096);
      rules.link(path, new String(target, StandardCharsets.UTF_8));
    } else if (isFile(entry.mode()) && FileRules.isRelevant(path)) {
      var blob = reader.open(entry.blob(), Constants.OBJ_BLOB);
      if (rules.fits(path, blob.getSize())) {
        rules.add(path, blob.getCachedBytes(FileRules.MAX_FILE));
      }
    }
  }

  @Override
  public void close() {
    git.ifPresent(opened -> opened.repository().close());
  }
}
