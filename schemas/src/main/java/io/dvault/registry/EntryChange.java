package io.dvault.registry;

import io.dvault.model.EntryId;
import java.util.Map;
import java.util.Optional;

/** One entry that two trees do not hold alike. */
public sealed interface EntryChange {
  EntryId entry();

  record Added(EntryId entry, EntryRecord after) implements EntryChange {}

  record Removed(EntryId entry, EntryRecord before) implements EntryChange {}

  record Changed(EntryId entry, EntryRecord before, EntryRecord after) implements EntryChange {}

  /** What the public summary says of it: one action per kind (two where the kind itself changed). */
  default Map<String, KeyAction> acts() {
    return switch (this) {
      case Added added
      when added.after().status() == EntryStatus.BANNED -> Map.of(); // moved aside, see BannedEntry
      case Added added ->
        Map.of(added.after().kind(), KeyAction.of(Optional.empty(), added.after()));
      case Removed removed -> Map.of(removed.before().kind(), KeyAction.REMOVE);
      case Changed changed
      when changed.before().kind().equals(changed.after().kind()) ->
        Map.of(
            changed.after().kind(), KeyAction.of(Optional.of(changed.before()), changed.after()));
      case Changed changed ->
        Map.of(
            changed.before().kind(),
            KeyAction.REMOVE,
            changed.after().kind(),
            KeyAction.of(Optional.empty(), changed.after()));
    };
  }
}
