package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.dag.BlockSource;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps on disk what {@code upstream} gave. Disposable: it may be deleted at any time, is hashed at each read, and a
 * fault of it never fails a get. Bounded: the oldest go when it grows over {@code maxBytes}. One
 * file a block, written whole
 * and renamed, so that several processes may share the folder. Not fsynced: a torn file is a miss.
 */
public final class CachingBlockSource implements BlockSource {
  private static final System.Logger LOG = System.getLogger(CachingBlockSource.class.getName());
  private static final String TEMP_SUFFIX = ".tmp";
  private static final int OVERHEAD = 4096; // a file takes whole disk blocks
  private final BlockSource upstream;
  private final Path folder;
  private final long maxBytes;
  private long bytes = -1;

  /** @param folder made when the first block is kept */
  public CachingBlockSource(BlockSource upstream, Path folder, long maxBytes) {
    this.upstream = upstream;
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  @Override
  public Block get(Cid cid) {
    return find(cid).orElseGet(() -> keep(upstream.get(cid)));
  }

  /** Out of the cache only. */
  public Optional<Block> find(Cid cid) {
    Path file = file(cid);
    try {
      if (Files.size(file) > Block.MAX_LENGTH) {
        throw new IOException("longer than any block");
      }
      Block block = Block.of(cid.codec(), Files.readAllBytes(file));
      if (!block.cid().equals(cid)) {
        throw new IOException("does not hash to its name");
      }
      return Optional.of(block);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0} is of no use: {1}", file, e.getMessage());
      return Optional.empty();
    }
  }

  private Block keep(Block block) {
    Path file = file(block.cid());
    Path temp = file.resolveSibling(UUID.randomUUID() + TEMP_SUFFIX);
    try {
      Files.createDirectories(file.getParent());
      try {
        Files.write(temp, block.bytes());
        Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temp);
      }
      grow(block.bytes().length);
    } catch (IOException e) {
      LOG.log(
          Level.DEBUG,
          "{0} is not kept: {1}",
          file,
          e.toString()); // a full or read-only disk must not fail a get
    }
    return block;
  }

  /** Two levels, so that no folder gets too long: the text form's last characters are as good as random. */
  private Path file(Cid cid) {
    String name = cid.toString();
    return folder.resolve(name.substring(name.length() - 3, name.length() - 1)).resolve(name);
  }

  private synchronized void grow(int length) throws IOException {
    bytes = bytes < 0 ? evict(maxBytes) : bytes + length + OVERHEAD;
    if (bytes > maxBytes) {
      bytes = evict(maxBytes / 10 * 9); // some room, so that not every get walks the folder
    }
  }

  private record Kept(Path file, FileTime written, long bytes) {}

  /** Deletes the oldest until at most {@code target} bytes are left; returns how many are. */
  private long evict(long target) throws IOException {
    List<Kept> all = new ArrayList<>();
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        all.add(new Kept(file, attributes.lastModifiedTime(), attributes.size() + OVERHEAD));
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) {
        return FileVisitResult.CONTINUE; // another process deleted it
      }
    });
    all.sort(Comparator.comparing(Kept::written));
    long sum = all.stream().mapToLong(Kept::bytes).sum();
    for (Kept oldest : all) {
      if (sum <= target) {
        break;
      }
      Files.deleteIfExists(oldest.file());
      sum -= oldest.bytes();
    }
    return sum;
  }
}
