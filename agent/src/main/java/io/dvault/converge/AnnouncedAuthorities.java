package io.dvault.converge;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.MalformedCborException;
import io.dvault.cbor.MapReader;
import io.dvault.disk.DurableFiles;
import io.dvault.ledger.Commit;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.registry.Acts;
import io.dvault.registry.AuthorityAct;
import io.dvault.registry.AuthorityAction;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.RegistryCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The authorities of the last tree that was read, and what commits have announced of them since. A
 * tree whose authorities changed in another way is refused, even if it is approved: a reader of the
 * chain alone would not know a CA that devices trust (docs/threat-model.md T36). It costs no
 * fetch of its own, so it is checked when a tree is read anyway.
 *
 * @param root digest of the root up to which acts were heard
 * @param held in the tree that was read
 * @param told since, in order
 */
record AnnouncedAuthorities(
    Bytes32 root, SortedMap<AuthorityId, List<AuthorityRecord>> held, List<AuthorityAct> told) {
  private static final int MOST_TOLD = 10_000;

  AnnouncedAuthorities {
    told = List.copyOf(told);
  }

  /** Before the first commit: nothing is held and nothing was told. */
  static AnnouncedAuthorities ofEmptyVault() {
    return new AnnouncedAuthorities(Bytes32.ZERO, new TreeMap<>(), List.of());
  }

  static AnnouncedAuthorities of(Bytes32 root, SortedMap<AuthorityId, List<AuthorityRecord>> held) {
    return new AnnouncedAuthorities(root, held, List.of());
  }

  /**
   * The same after the commits of {@code path}, each linked to the one before; empty when they do
   * not join on here, so that
   * nobody knows what was told in between.
   */
  Optional<AnnouncedAuthorities> after(List<Commit> path) {
    int next = path.isEmpty() || path.getFirst().prevRoot().equals(root) ? 0 : indexAfter(path);
    if (path.isEmpty() || next < 0) {
      return Optional.empty();
    }
    List<AuthorityAct> all = new ArrayList<>(told);
    path.subList(next, path.size()).forEach(commit -> all.addAll(acts(commit)));
    return all.size() > MOST_TOLD
        ? Optional.empty()
        : Optional.of(new AnnouncedAuthorities(path.getLast().root(), held, all));
  }

  /** A crash may have left a part of the path heard already. */
  private int indexAfter(List<Commit> path) {
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i).root().equals(root)) {
        return i + 1;
      }
    }
    return -1;
  }

  /** A summary that cannot be read tells nothing. */
  private static List<AuthorityAct> acts(Commit commit) {
    try {
      return Acts.decode(commit.acts()).authorities();
    } catch (MalformedCborException e) {
      return List.of();
    }
  }

  /** The first act that the tree holds and nobody told, or the other way round; empty when all is as told. */
  Optional<String> untold(SortedMap<AuthorityId, List<AuthorityRecord>> tree) {
    TreeMap<AuthorityId, TreeMap<Long, List<AuthorityAction>>> heard = new TreeMap<>();
    told.forEach(act -> heard
        .computeIfAbsent(act.authority(), id -> new TreeMap<>())
        .computeIfAbsent(act.generation(), generation -> new ArrayList<>())
        .add(act.action()));
    return Stream.of(held.keySet(), tree.keySet(), heard.keySet())
        .flatMap(Set::stream)
        .distinct()
        .sorted()
        .flatMap(id -> untold(
            id,
            byGeneration(held, id),
            byGeneration(tree, id),
            heard.getOrDefault(id, new TreeMap<>())))
        .findFirst();
  }

  private static Stream<String> untold(
      AuthorityId id,
      Map<Long, AuthorityRecord> before,
      Map<Long, AuthorityRecord> after,
      Map<Long, List<AuthorityAction>> heard) {
    return Stream.of(before.keySet(), after.keySet(), heard.keySet())
        .flatMap(Set::stream)
        .distinct()
        .sorted()
        .flatMap(generation -> untold(
            Optional.ofNullable(before.get(generation)),
            Optional.ofNullable(after.get(generation)),
            heard.getOrDefault(generation, List.of()))
            .map(what -> "generation " + generation + " of authority "
                + id.bytes().abbreviated() + " " + what)
            .stream());
  }

  private static Optional<String> untold(
      Optional<AuthorityRecord> before,
      Optional<AuthorityRecord> after,
      List<AuthorityAction> heard) {
    if (isTold(before, after, heard)) {
      return Optional.empty();
    }
    return Optional.of("is " + words(before) + " in the tree before and " + words(after)
        + " in this one; what commits told in public: "
        + (heard.isEmpty() ? "nothing" : heard.getLast().name().toLowerCase(Locale.ROOT)));
  }

  private static String words(Optional<AuthorityRecord> record) {
    return record.map(each -> each.status().name().toLowerCase(Locale.ROOT)).orElse("not listed");
  }

  private static boolean isTold(
      Optional<AuthorityRecord> before,
      Optional<AuthorityRecord> after,
      List<AuthorityAction> heard) {
    if (heard.isEmpty()) {
      return before.equals(after);
    }
    Optional<AuthorityAction> status = heard.reversed().stream()
        .filter(action -> action != AuthorityAction.REPLACE)
        .findFirst();
    if (status.isPresent()) {
      return status.get()
          == after
              .map(AuthorityRecord::status)
              .map(AuthorityAction::to)
              .orElse(AuthorityAction.REMOVE);
    }
    return before.isPresent()
        && before.map(AuthorityRecord::status).equals(after.map(AuthorityRecord::status));
  }

  private static Map<Long, AuthorityRecord> byGeneration(
      SortedMap<AuthorityId, List<AuthorityRecord>> authorities, AuthorityId id) {
    TreeMap<Long, AuthorityRecord> generations = new TreeMap<>();
    authorities
        .getOrDefault(id, List.of())
        .forEach(record -> generations.put(record.generation(), record));
    return generations;
  }

  void write(Path file, DurableFiles files) throws IOException {
    List<CborValue> acts = new ArrayList<>();
    told.forEach(act -> acts.add(CborValue.of(Map.of(
        "authority", CborValue.of(act.authority().bytes().toArray()),
        "generation", CborValue.of(act.generation()),
        "action", CborValue.of(act.action().name())))));
    StateFile.write(
        file,
        CborValue.of(Map.of(
            "v", CborValue.of(1),
            "root", CborValue.of(root.toArray()),
            "held", RegistryCodec.encode(held),
            "told", CborValue.of(acts))),
        files);
  }

  /** The kept ones; empty when there are none or they are damaged: then the next tree is believed as it is. */
  static Optional<AnnouncedAuthorities> find(Path file) throws IOException {
    Optional<CborValue> kept = StateFile.find(file);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    try {
      MapReader map = MapReader.of(kept.get(), "authorities", "v", "root", "held", "told");
      map.requireInt("v", 1, 1);
      List<AuthorityAct> told = new ArrayList<>();
      for (CborValue item : map.requireList("told", MOST_TOLD)) {
        MapReader act = MapReader.of(item, "authorities.told", "authority", "generation", "action");
        told.add(new AuthorityAct(
            new AuthorityId(act.requireBytes32("authority")),
            act.requireInt("generation"),
            AuthorityAction.valueOf(act.requireText("action", 16))));
      }
      return Optional.of(new AnnouncedAuthorities(
          map.requireBytes32("root"), RegistryCodec.decodeAuthorities(map.require("held")), told));
    } catch (MalformedCborException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
