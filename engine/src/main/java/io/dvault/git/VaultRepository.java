package io.dvault.git;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * The folder of a vault, in a git repository or not. Nothing is checked out, no filter, hook or configuration outside
 * the repository takes part, and blobs are read as they are. JGit is loaded only where there is a git repository.
 */
public final class VaultRepository implements AutoCloseable {
  /** The file that marks a vault's folder. */
  public static final String MARKER = "vault.yaml";

  /** What a bare repository keeps of its vaults ({@code .dvault}) lies below this folder of it. */
  private static final String STATE_OF_BARE = "dvault";

  private final Path root;
  private final Optional<Git> git;

  private VaultRepository(Path root, Optional<Git> git) {
    this.root = root;
    this.git = git;
  }

  /**
   * @param top where the paths of its files start: the work tree, or a folder of a bare repository that need not exist
   * @param folder that the user stands in, or the vault's, relative to {@code top} with {@code /}
   */
  private record Git(Repository repository, Path top, String folder) {}

  /** {@link #open(Path, Optional)} with nothing but the folder. */
  public static VaultRepository open(Path folder) {
    return open(folder, Optional.empty());
  }

  /**
   * Opens the vault that {@code folder} belongs to: the nearest folder upwards with a {@code vault.yaml}, though not
   * above the git repository; {@code folder} itself when there is none. A bare repository is a folder too.
   *
   * @param gitDir what {@code GIT_DIR} says, as git tells its hooks: this repository and no other. When it is not the
   *     one that {@code folder} is in anyway, {@code folder} is the top of its work tree
   */
  public static VaultRepository open(Path folder, Optional<Path> gitDir) {
    VaultLocation place = VaultLocation.of(folder);
    Path start = place.start();
    VaultRepository around = around(place);
    if (gitDir.isEmpty()
        || around.git.isPresent() && isSame(around.git.get().repository(), gitDir.get())) {
      return around;
    }
    around.close();
    return opened(start, GitFolder.open(start.resolve(gitDir.get()).normalize(), start), start);
  }

  private static boolean isSame(Repository repository, Path gitDir) {
    try {
      return Files.isSameFile(repository.getDirectory().toPath(), gitDir);
    } catch (IOException e) {
      return false; // then opening it says what is wrong
    }
  }

  private static VaultRepository around(VaultLocation place) {
    if (place.top().isPresent()) {
      return opened(
          place.root(), GitFolder.openWorkTree(place.top().get()), place.top().get());
    }
    Path start = place.start();
    return GitFolder.isBare(start) && place.root().equals(start)
        ? opened(start, GitFolder.open(start, start), start)
        : new VaultRepository(place.root(), Optional.empty());
  }

  private static VaultRepository opened(Path root, Repository repository, Path top) {
    if (repository.isBare()) {
      Path state = repository.getDirectory().toPath().resolve(STATE_OF_BARE);
      return new VaultRepository(state, Optional.of(new Git(repository, state, "")));
    }
    String folder = top.relativize(root).toString().replace('\\', '/');
    return new VaultRepository(root, Optional.of(new Git(repository, top, folder)));
  }

  /** The vault's folder, absolute. */
  public Path root() {
    return root;
  }

  /** Whether it has no work tree. */
  public boolean isBare() {
    return git.filter(opened -> opened.repository().isBare()).isPresent();
  }

  public boolean isGit() {
    return git.isPresent();
  }

  /** The files as they are on disk now, held against the last commit; of a bare repository those of {@code HEAD}. */
  public RepositoryView workTree() {
    if (isBare()) {
      return at(Constants.HEAD);
    }
    FileRules rules = new FileRules();
    try {
      SortedMap<String, Path> found = WorkTree.list(root, rules);
      Optional<ObjectId> head = git.isEmpty() ? Optional.empty() : findHead();
      Optional<GitTree> tree = head.map(commit ->
          CommitReader.tree(git.orElseThrow().repository(), commit, git.get().folder()));
      found.entrySet().parallelStream()
          .map(each -> SourceFile.onDisk(each.getKey(), each.getValue()))
          .toList()
          .forEach(rules::add);
      boolean clean = tree.filter(each -> isClean(each, rules.files())).isPresent();
      return new RepositoryView(
          root, head.map(ObjectId::name).orElse(""), clean, rules.files(), rules.findings());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<ObjectId> findHead() throws IOException {
    return Optional.ofNullable(git.orElseThrow().repository().resolve(Constants.HEAD));
  }

  /** Whether the relevant files on disk are exactly those of the commit, by blob id. */
  private static boolean isClean(GitTree tree, SortedMap<String, SourceFile> files) {
    return tree.files() == files.size()
        && files.values().parallelStream().allMatch(file -> same(tree, file));
  }

  private static boolean same(GitTree tree, SourceFile file) {
    GitTree.Entry entry = tree.entries().get(file.path());
    return entry != null && entry.isFile() && entry.blob().equals(ObjectId.fromRaw(file.blobId()));
  }

  /** The files of a commit, straight out of git's objects; empty when this repository does not have the commit. */
  public Optional<RepositoryView> findCommit(String commit) {
    if (git.isEmpty() || !ObjectId.isId(commit)) {
      return Optional.empty();
    }
    ObjectId id = ObjectId.fromString(commit);
    return CommitReader.has(git.get().repository(), id)
        ? Optional.of(read(id, ""))
        : Optional.empty();
  }

  /**
   * What differs between a commit and a view.
   *
   * @param before of the commit's files those that are others in the view, or not there
   * @param paths of these, and of the view's files that the commit has not
   */
  public record Difference(RepositoryView before, Set<String> paths) {
    public Difference {
      paths = Set.copyOf(paths);
    }
  }

  /** How {@code now} differs from {@code commit}, by blob ids; empty when this repository does not have the commit. */
  public Optional<Difference> since(String commit, RepositoryView now) {
    if (git.isEmpty() || !ObjectId.isId(commit)) {
      return Optional.empty();
    }
    Git opened = git.get();
    ObjectId id = ObjectId.fromString(commit);
    if (!CommitReader.has(opened.repository(), id)) {
      return Optional.empty();
    }
    String folder = opened.top().relativize(now.root()).toString().replace('\\', '/');
    GitTree old = CommitReader.tree(opened.repository(), id, folder);
    Optional<GitTree> tree = now.clean()
        ? Optional.of(
            CommitReader.tree(opened.repository(), ObjectId.fromString(now.commit()), folder))
        : Optional.empty();
    Set<String> paths = now.files().values().parallelStream()
        .filter(file -> tree.isPresent()
            ? !Objects.equals(
                tree.get().entries().get(file.path()), old.entries().get(file.path()))
            : !same(old, file))
        .map(SourceFile::path)
        .collect(Collectors.toCollection(HashSet::new));
    Set<String> before = old.entries().keySet().stream()
        .filter(path -> paths.contains(path) || !now.files().containsKey(path))
        .collect(Collectors.toSet());
    paths.addAll(before);
    FileRules rules = CommitReader.read(opened.repository(), id, folder, before::contains);
    return Optional.of(new Difference(
        new RepositoryView(now.root(), commit, true, rules.files(), rules.findings()), paths));
  }

  /**
   * The files of any commit, straight out of git's objects, whatever is checked out.
   *
   * @param revision as git writes them: a branch, a tag, a (shortened) id, {@code HEAD~2}, {@code origin/main}; with
   *     {@code :FOLDER} behind it the vault of that folder, for a repository that has several
   */
  public RepositoryView at(String revision) {
    if (git.isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV050",
          "there is no commit " + revision,
          root + " is in no git repository.",
          "Leave out --ref, or name a clone by --chdir."));
    }
    int colon = revision.indexOf(':');
    String commit = colon < 0 ? revision : revision.substring(0, colon);
    return read(
        Revisions.resolve(git.get().repository(), commit),
        colon < 0 ? "" : revision.substring(colon + 1));
  }

  /** One regular file of a commit, 4 MiB at most; {@code path} is seen from the vault's folder. */
  public Optional<byte[]> findFile(String commit, String path) {
    Git opened = git.orElseThrow();
    ObjectId id = ObjectId.fromString(commit);
    String folder = VaultFolder.find(opened.repository(), id, opened.folder(), "");
    return CommitReader.findFile(
        opened.repository(), id, folder.isEmpty() ? path : folder + "/" + path);
  }

  private RepositoryView read(ObjectId commit, String chosen) {
    Git opened = git.orElseThrow();
    String folder = VaultFolder.find(opened.repository(), commit, opened.folder(), chosen);
    FileRules rules = CommitReader.read(opened.repository(), commit, folder);
    return new RepositoryView(
        opened.top().resolve(folder), commit.name(), true, rules.files(), rules.findings());
  }

  /**
   * The files that git tracks in the vault's folder and that are not the vault's own, of 64 KiB at most: those of the
   * index, or of a commit.
   *
   * @param commit its id, or empty for the index
   */
  public List<SourceFile> others(String commit) {
    if (git.isEmpty()) {
      return List.of();
    }
    Repository repository = git.get().repository();
    return commit.isEmpty() && !repository.isBare()
        ? OtherFiles.ofIndex(repository, git.get().folder())
        : OtherFiles.ofCommit(
            repository,
            Revisions.resolve(repository, commit.isEmpty() ? Constants.HEAD : commit),
            git.get().folder());
  }

  @Override
  public void close() {
    git.ifPresent(opened -> opened.repository().close());
  }
}
