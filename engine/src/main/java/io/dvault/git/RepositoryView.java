package io.dvault.git;

import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A vault's files as they were read once.
 *
 * @param root the vault's folder
 * @param commit git commit id in hex, empty when the folder is in no git repository or nothing was committed
 * @param clean whether these are the files of that commit; false when there is none
 * @param files by path
 * @param findings what was refused: links out of the tree, files too large
 */
public record RepositoryView(
    Path root,
    String commit,
    boolean clean,
    SortedMap<String, SourceFile> files,
    List<Diagnostic> findings) {
  public RepositoryView {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    findings = List.copyOf(findings);
  }

  public Optional<SourceFile> find(String path) {
    return Optional.ofNullable(files.get(path));
  }

  public List<SourceFile> yaml() {
    return files.values().stream().filter(SourceFile::isYaml).toList();
  }

  /** SHA-256 over every path and the SHA-256 of its content, in order of path. */
  public Bytes32 digest() {
    List<byte[]> parts = files.values().parallelStream()
        .flatMap(file -> Stream.of(
            (file.path() + "\0").getBytes(StandardCharsets.UTF_8), file.sha256().toArray()))
        .toList();
    return Bytes32.sha256(parts.toArray(byte[][]::new));
  }
}
