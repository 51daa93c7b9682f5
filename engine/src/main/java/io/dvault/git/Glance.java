package io.dvault.git;

import io.dvault.model.Bytes32;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What there is to be said of a vault's files and their commit without JGit and without holding a file: enough to see
 * that all is as it was. Two glances with the same {@link #repository} and the same {@link #files} have the same
 * {@link VaultRepository#workTree}: which commit is checked out, whether its files are these, and these files.
 *
 * @param root the vault's folder, absolute
 * @param commit as in {@link RepositoryView#commit}
 * @param repository SHA-256 over where the git repository is, how it is configured, and the commit
 */
public record Glance(Path root, String commit, Bytes32 repository) {

  /** Empty when the repository is of a kind that JGit has to be asked about; see {@link PlainHead}. */
  public static Optional<Glance> at(Path folder) {
    Place place = Place.of(folder);
    if (place.top().isEmpty()) {
      return Place.looksBare(place.start())
          ? Optional.empty() : Optional.of(new Glance(place.root(), "", Bytes32.sha256("no repository")));
    }
    Path top = place.top().get();
    return PlainHead.find(top.resolve(Place.DOT_GIT)).map(head -> new Glance(place.root(), head.commit(),
        Bytes32.sha256(top + "\0" + place.root() + "\0" + head.settings().hex() + "\0" + head.commit())));
  }

  /** {@link RepositoryView#digest()} of the files on disk now; empty when there is anything to be said of them. */
  public Optional<Bytes32> files() {
    FileRules rules = new FileRules();
    try {
      SortedMap<String, Path> files = WorkTree.list(root, rules);
      return rules.findings().isEmpty() ? Optional.of(FileHashes.digest(files)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // whoever reads them in earnest says it
    }
  }

  /** SHA-256 of {@code vault.yaml}; empty when it cannot be read. */
  public Optional<Bytes32> marker() {
    try {
      return Optional.of(Bytes32.sha256(SourceFile.read(root.resolve(VaultRepository.MARKER))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
