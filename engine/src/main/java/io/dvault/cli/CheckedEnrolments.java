package io.dvault.cli;

import io.dvault.config.EnrolmentCache;
import io.dvault.model.Bytes32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Enrolments that this user's dVault has checked before, in {@code $XDG_CACHE_HOME/dvault} (or {@code
 * ~/.cache/dvault}): 32 bytes each. Ten thousand signatures cost a second; that they are still right costs a hash.
 * Never in the repository, which may come from anyone. A cache that cannot be read or written is no cache, and
 * nothing more.
 */
final class CheckedEnrolments implements EnrolmentCache {
  private static final long LARGEST = 32L * 1_000_000;

  private final Optional<Path> file;
  private final Set<Bytes32> known;
  private final Set<Bytes32> used = ConcurrentHashMap.newKeySet();

  private CheckedEnrolments(Optional<Path> file, Set<Bytes32> known) {
    this.file = file;
    this.known = known;
  }

  /** @param root the vault's folder: each clone has a file of its own */
  static CheckedEnrolments open(CommandContext context, Path root) {
    String name = "enrolments-" + Bytes32.sha256(root.toString()).hex().substring(0, 32);
    Optional<Path> file = folder(context).map(folder -> folder.resolve(name));
    return new CheckedEnrolments(file, file.map(CheckedEnrolments::read).orElse(Set.of()));
  }

  private static Optional<Path> folder(CommandContext context) {
    return context.variable("XDG_CACHE_HOME").map(Path::of)
        .or(() -> context.variable("HOME").map(home -> Path.of(home, ".cache")))
        .filter(Path::isAbsolute)
        .map(cache -> cache.resolve("dvault"));
  }

  private static Set<Bytes32> read(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > LARGEST || !isOwn(file)) {
        return Set.of();
      }
      byte[] all = Files.readAllBytes(file);
      Set<Bytes32> known = ConcurrentHashMap.newKeySet();
      for (int at = 0; at + Bytes32.LENGTH <= all.length; at += Bytes32.LENGTH) {
        known.add(Bytes32.of(Arrays.copyOfRange(all, at, at + Bytes32.LENGTH)));
      }
      return known;
    } catch (IOException e) {
      return Set.of(); // then everything is checked again
    }
  }

  /** Whether nobody else can have written it. */
  private static boolean isOwn(Path file) throws IOException {
    return isClosed(file) && isClosed(file.getParent())
        && Files.getOwner(file).equals(Files.getOwner(file.getParent()));
  }

  private static boolean isClosed(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    return !permissions.contains(PosixFilePermission.GROUP_WRITE)
        && !permissions.contains(PosixFilePermission.OTHERS_WRITE);
  }

  @Override
  public boolean holds(Bytes32 enrolment) {
    boolean holds = known.contains(enrolment);
    if (holds) {
      used.add(enrolment);
    }
    return holds;
  }

  @Override
  public void add(Bytes32 enrolment) {
    used.add(enrolment);
  }

  /** Keeps what was of use in this run, if that is something new. */
  void save() {
    if (file.isEmpty() || known.equals(used) || used.isEmpty()) {
      return;
    }
    byte[] all = new byte[used.size() * Bytes32.LENGTH];
    int at = 0;
    for (Bytes32 each : new TreeSet<>(used)) {
      System.arraycopy(each.toArray(), 0, all, at, Bytes32.LENGTH);
      at += Bytes32.LENGTH;
    }
    try {
      Path folder = file.get().getParent();
      Files.createDirectories(folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path temporary = Files.createTempFile(folder, ".enrolments-", ".tmp");
      Files.write(temporary, all);
      Files.move(temporary, file.get(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | UnsupportedOperationException e) {
      used.clear(); // then everything is checked again next time
    }
  }
}
