package io.dvault.git;

import io.dvault.model.Bytes32;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which commit is checked out, read where git keeps it in the form of nearly every clone: a folder {@code .git} with
 * {@code HEAD}, which holds a commit's id or names a branch, whose id is in its own file or in {@code packed-refs}.
 * Linked work trees, submodules, reftables, links, configuration that includes other files, and whatever else is not
 * exactly as git writes it, are left to JGit, which takes a quarter of a second to load. gitrepository-layout(5).
 *
 * @param commit its id in hex
 * @param settings SHA-256 of the repository's own configuration, by which JGit might read all of this in another way
 */
record PlainHead(String commit, Bytes32 settings) {
  private static final int LONGEST = 1 << 20;
  private static final int LONGEST_PACKED = 16 << 20;
  private static final Pattern ID = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern BRANCH = Pattern.compile("refs/heads(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
  private static final String SYMBOLIC = "ref: ";

  /** @param gitDir the {@code .git} of a work tree */
  static Optional<PlainHead> find(Path gitDir) {
    if (!Files.isDirectory(gitDir, LinkOption.NOFOLLOW_LINKS) || Files.exists(gitDir.resolve("commondir"))) {
      return Optional.empty();
    }
    try {
      Optional<String> settings = read(gitDir.resolve("config"), LONGEST).filter(PlainHead::isPlain);
      Optional<String> head = read(gitDir.resolve(Place.HEAD), LONGEST).flatMap(PlainHead::line);
      if (settings.isEmpty() || head.isEmpty()) {
        return Optional.empty();
      }
      Optional<String> id = head.get().startsWith(SYMBOLIC)
          ? branch(gitDir, head.get().substring(SYMBOLIC.length())) : head;
      Bytes32 hash = Bytes32.sha256(settings.get().getBytes(StandardCharsets.ISO_8859_1));
      return id.filter(ID.asMatchPredicate()).map(commit -> new PlainHead(commit, hash));
    } catch (IOException e) {
      return Optional.empty(); // JGit says what is wrong
    }
  }

  /** Includes make other files count, and extensions another format of all that is read here. */
  private static boolean isPlain(String settings) {
    String lower = settings.toLowerCase(Locale.ROOT);
    return !lower.contains("include") && !lower.contains("extensions");
  }

  private static Optional<String> branch(Path gitDir, String name) throws IOException {
    if (!BRANCH.matcher(name).matches() || name.contains("..") || name.contains(".lock")) {
      return Optional.empty();
    }
    Path loose = gitDir.resolve(name);
    if (Files.exists(loose, LinkOption.NOFOLLOW_LINKS)) {
      return read(loose, LONGEST).flatMap(PlainHead::line);
    }
    // Of two lines for one name git makes none: it is JGit's to judge then.
    return read(gitDir.resolve("packed-refs"), LONGEST_PACKED)
        .map(all -> Arrays.stream(all.split("\n")).filter(line -> line.endsWith(" " + name)).toList())
        .filter(lines -> lines.size() == 1)
        .map(lines -> lines.getFirst().substring(0, lines.getFirst().length() - name.length() - 1));
  }

  /** The only line of a file, which is whole. */
  private static Optional<String> line(String all) {
    return all.indexOf('\n') == all.length() - 1 && !all.isEmpty()
        ? Optional.of(all.substring(0, all.length() - 1)) : Optional.empty();
  }

  /** One char a byte; empty when it is no plain file or too long. */
  private static Optional<String> read(Path file, int longest) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(longest + 1);
      return bytes.length > longest ? Optional.empty() : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }
}
