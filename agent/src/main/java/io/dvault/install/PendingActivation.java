package io.dvault.install;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An activation that is not confirmed yet: on disk from before the flip until after the last probe, so that a crash in
 * between is finished or undone at the next start.
 *
 * @param from generation to go back to
 * @param actions names, in the order in which they run
 * @param rollBack whether a failing action brings {@code from} back; removals are never undone
 */
record PendingActivation(long from, long to, List<String> actions, boolean rollBack) {
  private static final int MAX_ACTIONS = 1_000;

  PendingActivation {
    actions = List.copyOf(actions);
  }

  void write(Path file, DurableFiles files) throws IOException {
    files.replace(
        file,
        DagCbor.encode(CborValue.of(Map.of(
            "v", CborValue.of(1),
            "from", CborValue.of(from),
            "to", CborValue.of(to),
            "actions", CborValue.of(actions.stream().map(CborValue::of).toList()),
            "rollBack", CborValue.of(rollBack)))),
        0600);
  }

  static Optional<PendingActivation> find(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      MapReader map = MapReader.of(
          DagCbor.decode(Files.readAllBytes(file)),
          "pending",
          "v",
          "from",
          "to",
          "actions",
          "rollBack");
      map.requireInt("v", 1, 1);
      List<String> actions = new ArrayList<>();
      for (CborValue item : map.requireList("actions", MAX_ACTIONS)) {
        if (!(item instanceof CborText name)) {
          throw map.fault("actions", "expected texts");
        }
        actions.add(name.value());
      }
      return Optional.of(new PendingActivation(
          map.requireInt("from"), map.requireInt("to"), actions, map.requireBool("rollBack")));
    } catch (MalformedCborException e) {
      throw new IOException(
          file + " is damaged: " + e.getMessage() + "; remove it and run dvault-agent once", e);
    }
  }
}
