package io.dvault.apply;

import io.dvault.ledger.LedgerRef;
import io.dvault.model.VaultId;
import io.dvault.spi.ExclusiveFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One file {@code .dvault/journal-….json} for each apply that is under way, locked by its process: a file that nobody
 * locks was left by one that died. It is written, and fsynced, once: after the approvals and before the transaction is
 * sent. Whatever dies before has committed nothing and starts over; its blocks are referred to by nobody.
 */
final class Journal implements AutoCloseable {
  private static final int FORMAT = 1;
  private static final int MAX_LENGTH = 1 << 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final ExclusiveFile held;
  private final FileChannel channel;

  private Journal(Path file, ExclusiveFile held) {
    this.file = file;
    this.held = held;
    this.channel = held.channel();
  }

  /** Starts an empty journal in {@code folder}, which is made if need be. */
  static Journal create(Path folder, RandomGenerator random) {
    byte[] id = new byte[8];
    random.nextBytes(id);
    Path file = folder.resolve("journal-" + HexFormat.of().formatHex(id) + ".json");
    try {
      Files.createDirectories(folder);
      ExclusiveFile held = ExclusiveFile.tryOpen(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ)
          .orElseThrow(() -> new IOException(file + " is locked by another process"));
      return new Journal(file, held);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the journals of dead processes; the caller closes each of them with or without {@link #discard}. */
  static List<Journal> leftBehind(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Journal> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> journals = files
          .filter(f -> f.getFileName().toString().matches("journal-[0-9a-f]{16}\\.json"))
          .sorted()
          .toList();
      for (Path file : journals) {
        tryOpen(file).ifPresent(found::add);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Journal> tryOpen(Path file) throws IOException {
    return ExclusiveFile.tryOpen(file, StandardOpenOption.WRITE, StandardOpenOption.READ)
        .map(held -> new Journal(file, held));
  }

  /** Returns when the entry is on the disk. */
  void write(JournalEntry entry) {
    ObjectNode json = JSON.createObjectNode().put("format_version", FORMAT);
    CommitJson.write(json, entry.ref(), entry.commit(), entry.approvals());
    json.put("issued", entry.tally().issued());
    json.put("rotated", entry.tally().rotated());
    json.put("revoked", entry.tally().revoked());
    json.put("authorities", entry.tally().authorities());
    json.put("rules", entry.tally().rules());
    json.put("at", entry.at().getEpochSecond());
    byte[] bytes = JSON.writeValueAsBytes(json);
    try {
      channel.truncate(0);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
      syncFolder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void syncFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** The entry, when it was written to its end and is for this vault; a torn one was never sent. */
  Optional<JournalEntry> read(LedgerRef ref, VaultId vault) {
    try {
      if (channel.size() > MAX_LENGTH) {
        return Optional.empty();
      }
      JsonNode json = JSON.readTree(content());
      if (json.path("format_version").asInt(0) != FORMAT) {
        return Optional.empty();
      }
      JournalEntry entry = new JournalEntry(
          CommitJson.ref(json),
          CommitJson.commit(json),
          CommitJson.approvals(json),
          new ChangeCounts(
              (int) CommitJson.number(json, "issued"),
              (int) CommitJson.number(json, "rotated"),
              (int) CommitJson.number(json, "revoked"),
              json.path("authorities").asInt(0),
              json.path("rules").asBoolean(false)),
          Instant.ofEpochSecond(CommitJson.number(json, "at")));
      return Optional.of(entry)
          .filter(e -> e.ref().equals(ref) && e.commit().vault().equals(vault));
    } catch (tools.jackson.core.JacksonException | IllegalArgumentException e) {
      return Optional.empty(); // torn by a power cut before it was synced
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Through the one channel: closing another one would let go of the lock. */
  private byte[] content() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
    int count = 0;
    while (bytes.hasRemaining() && count >= 0) {
      count = channel.read(bytes, bytes.position());
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Nothing is left to be finished. */
  void discard() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      held.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
