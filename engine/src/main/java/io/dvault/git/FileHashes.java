package io.dvault.git;

import io.dvault.model.Bytes32;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** Hashes files on every processor, holding none of them. */
final class FileHashes {
  private static final int BUFFER = 256 << 10;

  private final List<Path> files;
  private final byte[][] hashes;
  private final AtomicInteger next = new AtomicInteger();

  private FileHashes(List<Path> files) {
    this.files = files;
    this.hashes = new byte[files.size()][];
  }

  /** What {@link RepositoryView#digest()} is of the same files. */
  static Bytes32 digest(SortedMap<String, Path> files) throws IOException {
    FileHashes all = new FileHashes(List.copyOf(files.values()));
    all.run(Math.min(Runtime.getRuntime().availableProcessors(), files.size()));
    byte[][] parts = new byte[2 * files.size()][];
    int at = 0;
    for (String path : files.keySet()) {
      parts[at] = (path + "\0").getBytes(StandardCharsets.UTF_8);
      parts[at + 1] = all.hashes[at / 2];
      at += 2;
    }
    return Bytes32.sha256(parts);
  }

  private void run(int threads) throws IOException {
    List<FutureTask<Void>> others = new ArrayList<>();
    for (int i = 1; i < threads; i++) {
      FutureTask<Void> task = new FutureTask<>(this::work);
      others.add(task);
      Thread.ofPlatform().daemon().name("hash").start(task);
    }
    work();
    for (FutureTask<Void> each : others) {
      await(each);
    }
  }

  private static void await(FutureTask<Void> task) throws IOException {
    try {
      task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private Void work() throws IOException {
    MessageDigest sha256 = sha256();
    byte[] buffer = new byte[BUFFER];
    for (int at = next.getAndIncrement(); at < hashes.length; at = next.getAndIncrement()) {
      // As SourceFile.read does it: no link is followed, and no more than one byte too many is looked at.
      try (InputStream in = Files.newInputStream(files.get(at), LinkOption.NOFOLLOW_LINKS)) {
        int left = FileRules.MAX_FILE + 1;
        for (int count = in.read(buffer, 0, Math.min(BUFFER, left)); count > 0;
            count = in.read(buffer, 0, Math.min(BUFFER, left))) {
          sha256.update(buffer, 0, count);
          left -= count;
        }
      }
      hashes[at] = sha256.digest();
    }
    return null;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
