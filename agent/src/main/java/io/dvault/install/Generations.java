package io.dvault.install;

import io.dvault.cbor.MalformedCborException;
import io.dvault.disk.Checkpoint;
import io.dvault.disk.Checkpoint.Step;
import io.dvault.disk.DurableFiles;
import io.dvault.disk.Layout;
import io.dvault.disk.Owner;
import io.dvault.disk.RefusedException;
import io.dvault.install.InstalledEntry.HeldFile;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folders {@code generations/N} and the symlink {@code current}: flipping it is the one atomic
 * act that changes what
 * the device's services see. Each folder of agent.yaml is itself a symlink into {@code current}, made once.
 */
final class Generations {
  private static final String MANIFEST = "manifest";
  private static final int MAX_FILE = 4 << 20;

  private final Layout layout;
  private final DurableFiles files;
  private final Checkpoint checkpoint;

  Generations(Layout layout, Checkpoint checkpoint) {
    this.layout = layout;
    this.files = new DurableFiles(checkpoint);
    this.checkpoint = checkpoint;
  }

  Path folder(long number) {
    return layout.generations().resolve(Long.toString(number));
  }

  /** What {@code current} points to; makes an empty first generation when there is none yet. */
  Manifest current(List<String> folders) throws IOException {
    Optional<Long> number = currentNumber();
    if (number.isPresent()) {
      return read(number.get());
    }
    DurableFiles.folders(layout.generations(), 0711);
    Manifest first = Manifest.empty(1);
    stage(first, first, Map.of(), folders);
    flip(1);
    return first;
  }

  private Optional<Long> currentNumber() throws IOException {
    if (!Files.isSymbolicLink(layout.current())) {
      return Optional.empty();
    }
    return Optional.of(
        Long.parseLong(Files.readSymbolicLink(layout.current()).getFileName().toString()));
  }

  /** The manifest of a generation on disk; a broken one is refused loudly, with the way out. */
  Manifest read(long number) throws IOException {
    Path file = folder(number).resolve(MANIFEST);
    try {
      Manifest manifest = ManifestCodec.decode(Files.readAllBytes(file));
      if (manifest.number() != number) {
        throw new MalformedCborException("it is of generation " + manifest.number());
      }
      return manifest;
    } catch (MalformedCborException | NoSuchFileException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV504",
          "the state folder is damaged",
          file + ": " + e.getMessage() + ".",
          "Remove " + layout.current() + " and " + layout.generations()
              + ", then run dvault-agent once: "
              + "everything that the vault approves is fetched again."));
    }
  }

  /**
   * Writes generation {@code next} beside the others, synced but not yet seen by anyone.
   *
   * @param contents of new files by path; others are copied from {@code before}
   * @param folders made even when empty, so that no managed folder dangles
   */
  void stage(
      Manifest before, Manifest next, Map<String, SecretBytes> contents, List<String> folders)
      throws IOException {
    Path stage = folder(next.number());
    DurableFiles.wipeTree(stage); // left by a crash
    DurableFiles.folders(stage, 0755);
    Set<Path> touched = new HashSet<>();
    touched.add(stage);
    for (String folder : folders) {
      makeFolders(stage, folder, touched);
    }
    for (InstalledEntry held : next.entries().values()) {
      for (HeldFile file : held.files()) {
        int slash = file.path().lastIndexOf('/');
        makeFolders(stage, file.path().substring(0, slash), touched);
        byte[] content = contents.containsKey(file.path())
            ? contents.get(file.path()).borrow()
            : readFile(before.number(), file)
                .orElseThrow(() -> new IOException(file.path() + " vanished"));
        files.create(stage.resolve(file.path().substring(1)), content, file.mode(), owner(file));
        checkpoint.reached(Step.FILE_STAGED);
      }
    }
    files.create(stage.resolve(MANIFEST), ManifestCodec.encode(next), 0600, Optional.empty());
    for (Path folder : touched) {
      DurableFiles.sync(folder);
    }
    DurableFiles.sync(layout.generations());
    checkpoint.reached(Step.STAGED);
  }

  private static Optional<Owner> owner(HeldFile file) throws IOException {
    try {
      return file.owner().isPresent()
          ? Optional.of(Owner.lookUp(file.owner().get()))
          : Optional.empty();
    } catch (RefusedException e) {
      throw new IOException(file.path() + ": " + e.getMessage(), e);
    }
  }

  private static void makeFolders(Path stage, String path, Set<Path> touched) throws IOException {
    Path folder = stage;
    for (Path name : Path.of(path.substring(1))) {
      folder = folder.resolve(name);
      DurableFiles.folders(folder, 0755);
      touched.add(folder);
    }
  }

  /** The content as it was installed, or empty when somebody changed or removed it. */
  Optional<byte[]> readFile(long number, HeldFile file) throws IOException {
    Path path = folder(number).resolve(file.path().substring(1));
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) > MAX_FILE) {
      return Optional.empty();
    }
    byte[] content = Files.readAllBytes(path);
    return Bytes32.sha256(content).equals(file.hash()) ? Optional.of(content) : Optional.empty();
  }

  void flip(long number) throws IOException {
    files.relink(layout.current(), Path.of("generations", Long.toString(number)));
    checkpoint.reached(Step.FLIPPED);
  }

  /** Wipes every generation but {@code number}. */
  void keepOnly(long number) throws IOException {
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(layout.generations())) {
      all.forEach(others::add);
    }
    others.remove(folder(number));
    for (Path other : others) {
      DurableFiles.wipeTree(other);
    }
    if (!others.isEmpty()) {
      DurableFiles.sync(layout.generations());
      checkpoint.reached(Step.WIPED);
    }
  }
}
