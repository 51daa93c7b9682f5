package io.dvault.store.folder;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockBatch;
import io.dvault.dag.BlockStore;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.spi.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * A folder of CARs, one a commit, each written once. One process writes at a time, any number read meanwhile: a block
 * that is not found makes them look for new CARs. Nothing of a block stays in memory, and every block is hashed each
 * time it is read. Safe for many threads. Source: schemas/spec/folder-store.md.
 */
public final class FolderBlockStore implements BlockStore {
  static final String TEMP_PREFIX = ".put-";
  static final String TEMP_SUFFIX = ".tmp";
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);
  private static final Duration SETTLED = Duration.ofSeconds(2);
  private static final int KEPT_OPEN = 64;
  private final Path folder;
  private final Consumer<String> steps;
  /** Newest first. */
  private volatile List<CarFile> cars = List.of();

  private final Semaphore mayStayOpen = new Semaphore(KEPT_OPEN);
  private Optional<FileTime> listedAt = Optional.empty();

  private FolderBlockStore(Path folder, Consumer<String> steps) {
    this.folder = folder;
    this.steps = steps;
  }

  /** Makes the folder when it is not there; throws a DiagnosticException (DV410) when it cannot be used. */
  public static FolderBlockStore open(Path folder) {
    return open(folder, step -> {});
  }

  static FolderBlockStore open(Path folder, Consumer<String> steps) {
    FolderBlockStore store = new FolderBlockStore(folder, steps);
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        FolderWriter.syncFolder(folder.toAbsolutePath().getParent());
      }
      store.rescan();
      return store;
    } catch (IOException e) {
      throw store.unusable(e);
    }
  }

  @Override
  public Block get(Cid cid) {
    List<String> faults = new ArrayList<>();
    List<CarFile> known = cars;
    Optional<Block> found = find(cid, known, faults);
    if (found.isEmpty()) {
      try {
        rescan();
      } catch (IOException e) {
        faults.add(describe() + ": " + e);
      }
      List<CarFile> added = new ArrayList<>(cars);
      added.removeAll(known);
      found = find(cid, added, faults);
    }
    if (found.isEmpty() && faults.isEmpty()) {
      faults.add(describe() + ": not there");
    }
    return found.orElseThrow(() -> new BlockUnavailableException(cid, faults));
  }

  private static Optional<Block> find(Cid cid, List<CarFile> where, List<String> faults) {
    for (CarFile car : where) {
      try {
        Optional<Block> block = car.find(cid);
        if (block.isPresent()) {
          return block;
        }
      } catch (IOException e) {
        faults.add(car.path() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  @Override
  public synchronized void put(List<Cid> roots, Collection<Block> blocks) {
    try (FolderLock _ = FolderLock.take(folder, LOCK_PATIENCE)) {
      steps.accept("locked");
      rescan();
      sweep();
      if (holdsAll(blocks)) {
        FolderWriter.syncFolder(folder); // who renamed them may have died before it did this
        return;
      }
      String root = roots.isEmpty() ? "no-root" : roots.getFirst().toString();
      new FolderWriter(folder, steps).write(newName(root), roots, blocks);
      rescan();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  @Override
  public BlockBatch begin() {
    BlockBatch batch;
    try (FolderLock _ = FolderLock.take(folder, LOCK_PATIENCE)) {
      batch = FolderBatch.begin(this, folder);
    } catch (IOException e) {
      throw unusable(e);
    }
    steps.accept("car begun");
    return batch;
  }

  /** Makes a synced temporary CAR one of the folder's. */
  synchronized void adopt(Path temp, Cid root, ByteBuffer index) throws IOException {
    try (FolderLock _ = FolderLock.take(folder, LOCK_PATIENCE)) {
      steps.accept("locked");
      rescan();
      sweep();
      new FolderWriter(folder, steps).publish(temp, index, newName(root.toString()));
      rescan();
    }
  }

  void step(String name) {
    steps.accept(name);
  }

  private Path newName(String root) {
    return folder.resolve(String.format("%010d-%s.car", nextNumber(), root));
  }

  /** By their bytes, not by the index alone: putting again mends what was damaged. Stops at the first absent one. */
  private boolean holdsAll(Collection<Block> blocks) {
    for (Block block : blocks) {
      if (find(block.cid(), cars, new ArrayList<>()).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private long nextNumber() {
    return cars.stream()
            .map(car -> car.path().getFileName().toString())
            .filter(name -> name.matches("[0-9]{10}-.*"))
            .mapToLong(name -> Long.parseLong(name.substring(0, 10)))
            .max()
            .orElse(0)
        + 1;
  }

  /**
   * Removes what a killed put left. The folder's lock is held, so that only batches can be at work:
   * they lock theirs.
   */
  private void sweep() throws IOException {
    for (Path temp : list(TEMP_PREFIX + "*" + TEMP_SUFFIX)) {
      if (FolderBatch.isLeftOver(temp)) {
        Files.deleteIfExists(temp);
      }
    }
    for (Path index : list("*.idx")) {
      String name = index.getFileName().toString();
      if (!Files.exists(
          index.resolveSibling(name.substring(0, name.length() - ".idx".length()) + ".car"))) {
        Files.deleteIfExists(index);
      }
    }
  }

  /** Lists the folder again unless it is unchanged since long enough for its time of change to tell. */
  private synchronized void rescan() throws IOException {
    FileTime changed = Files.getLastModifiedTime(folder);
    if (listedAt.equals(Optional.of(changed))) {
      return;
    }
    listedAt = changed.toInstant().isBefore(Instant.now().minus(SETTLED))
        ? Optional.of(changed)
        : Optional.empty();
    Map<Path, CarFile> known = new HashMap<>();
    cars.forEach(car -> known.put(car.path(), car));
    List<Path> paths = list("[!.]*.car");
    cars = paths.stream()
        .sorted(Comparator.reverseOrder())
        .map(path -> known.containsKey(path) ? known.get(path) : new CarFile(path, mayStayOpen))
        .toList();
    cars.forEach(car -> known.remove(car.path()));
    for (CarFile gone : known.values()) {
      gone.close();
    }
  }

  private List<Path> list(String pattern) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
      found.forEach(paths::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return paths;
  }

  /** The CARs, oldest first: {@code ipfs dag import} takes them as they are. */
  public List<Path> cars() {
    return cars.reversed().stream().map(CarFile::path).toList();
  }

  @Override
  public String describe() {
    return "folder " + folder;
  }

  DiagnosticException unusable(IOException e) {
    return new DiagnosticException(Diagnostic.error(
        "DV410",
        "cannot use the block folder",
        "The store is " + folder + ".",
        FileFailure.words(e) + ".",
        "Check that it is a folder that you may write to, and that the disk is not full."));
  }

  @Override
  public void close() {
    for (CarFile car : cars) {
      try {
        car.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
