package io.dvault.converge;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.converge.EntryOpener.Result.Ready;
import io.dvault.disk.DurableFiles;
import io.dvault.install.InstalledEntry;
import io.dvault.log.StructuredLog;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * New generations of keys whose public part other devices must have first: the one before stays in use for its overlap,
 * counted from when this device first saw the new one, so that it holds however long approvals took
 * (docs/requirements.md O7). On disk, since {@code dvault-agent once} remembers nothing else. It
 * never waits into the end of the one before.
 */
final class Overlaps {
  private static final int MOST = 20_000;

  private final Path file;
  private final DurableFiles files;
  private final StructuredLog log;
  private Map<RevocationId, Instant> since;

  Overlaps(Path file, DurableFiles files, StructuredLog log) throws IOException {
    this.file = file;
    this.files = files;
    this.log = log;
    this.since = read(file);
  }

  /** Takes out of {@code ready} what has to wait, and wipes it. */
  void keepBack(
      Map<EntryId, Ready> ready,
      Map<EntryId, InstalledEntry> held,
      Set<EntryId> damaged,
      Instant now)
      throws IOException {
    Map<RevocationId, Instant> waiting = new TreeMap<>();
    for (EntryId entry : Set.copyOf(ready.keySet())) {
      Ready next = ready.get(entry);
      Optional<InstalledEntry> before =
          Optional.ofNullable(held.get(entry)).filter(each -> !damaged.contains(entry));
      RevocationId id = RevocationId.of(entry, next.held().generation());
      Instant seen = since.getOrDefault(id, now);
      if (before.isPresent() && waits(before.get(), next, seen, now)) {
        waiting.put(id, seen);
        ready.remove(entry).wipe();
        if (!since.containsKey(id)) {
          log.info(
              "overlap",
              "entry",
              next.held().address(),
              "generation",
              before.get().generation(),
              "until",
              seen.plus(next.overlap()));
        }
      }
    }
    if (!waiting.equals(since)) {
      write(waiting);
    }
  }

  private static boolean waits(InstalledEntry before, Ready next, Instant seen, Instant now) {
    return before.generation() < next.held().generation()
        && now.isBefore(seen.plus(next.overlap()))
        && now.plus(next.overlap()).isBefore(before.validity().notAfter());
  }

  private void write(Map<RevocationId, Instant> waiting) throws IOException {
    if (waiting.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      List<CborValue> items = waiting.entrySet().stream()
          .<CborValue>map(each -> CborValue.of(Map.of(
              "id", CborValue.of(each.getKey().bytes().toArray()),
              "since", CborValue.of(each.getValue().getEpochSecond()))))
          .toList();
      CborValue all = CborValue.of(Map.of("v", CborValue.of(1), "waiting", CborValue.of(items)));
      files.replace(file, DagCbor.encode(all), 0600);
    }
    since = waiting;
  }

  /** A damaged file only makes the wait begin anew. */
  private static Map<RevocationId, Instant> read(Path file) throws IOException {
    Map<RevocationId, Instant> since = new TreeMap<>();
    if (Files.exists(file)) {
      try {
        MapReader map =
            MapReader.of(DagCbor.decode(Files.readAllBytes(file)), "overlaps", "v", "waiting");
        map.requireInt("v", 1, 1);
        for (CborValue item : map.requireList("waiting", MOST)) {
          MapReader one = MapReader.of(item, "overlaps.waiting", "id", "since");
          since.put(new RevocationId(one.requireBytes32("id")), one.requireInstant("since"));
        }
      } catch (MalformedCborException e) {
        return new TreeMap<>();
      }
    }
    return since;
  }
}
