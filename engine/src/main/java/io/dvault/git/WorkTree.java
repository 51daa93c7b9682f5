package io.dvault.git;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;

/** Walks the vault's folder on disk, following no link. */
final class WorkTree extends SimpleFileVisitor<Path> {
  /** What the JDK makes of a byte that is no UTF-8. */
  private static final char UNREADABLE = '\uFFFD';

  private final Path root;
  private final FileRules rules;
  private final FileRules.Walked walked = new FileRules.Walked();
  private final SortedMap<String, Path> files = new TreeMap<>();

  private WorkTree(Path root, FileRules rules) {
    this.root = root;
    this.rules = rules;
  }

  /** The files that are to be read, by path; {@code rules} is told of what is not. */
  static SortedMap<String, Path> list(Path root, FileRules rules) throws IOException {
    WorkTree tree = new WorkTree(root, rules);
    Files.walkFileTree(root, tree);
    return tree.files;
  }

  private String relative(Path path) {
    return root.relativize(path).toString().replace('\\', '/');
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (folder.equals(root)) {
      return FileVisitResult.CONTINUE;
    }
    walked.step();
    if (!FileRules.isVisible(folder.getFileName().toString())) {
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (!FileRules.isShallow(relative(folder))) {
      rules.found(FileRules.tooDeep(relative(folder)));
      return FileVisitResult.SKIP_SUBTREE;
    }
    if (Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
      rules.submodule(relative(folder));
      return FileVisitResult.SKIP_SUBTREE;
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    walked.step();
    String path = relative(file);
    if (!FileRules.isVisible(file.getFileName().toString())) {
      return FileVisitResult.CONTINUE;
    }
    if (path.indexOf(UNREADABLE) >= 0
        && (attributes.isSymbolicLink() || FileRules.isRelevant(path))) {
      rules.found(FileRules.notUtf8(path));
    } else if (attributes.isSymbolicLink()) {
      rules.link(path, Files.readSymbolicLink(file).toString());
    } else if (attributes.isRegularFile()
        && FileRules.isRelevant(path)
        && rules.fits(path, attributes.size())) {
      files.put(path, file);
    }
    return FileVisitResult.CONTINUE;
  }
}
