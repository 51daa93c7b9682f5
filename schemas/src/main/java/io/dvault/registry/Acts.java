package io.dvault.registry;

import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The public summary of a commit that the chain carries: every authority act by id, key acts as counts, the reason, the
 * git commit. It names nobody. It is a function of two trees and the words given, so whoever has the blocks checks it
 * (docs/threat-model.md T36). Source: schemas/spec/acts.md.
 *
 * @param commit as {@link GitCommit} writes it
 * @param reason reason code, {@code apply}, {@code grant}, {@code compromise}: letters, digits and hyphens, 32 at most
 * @param authorities in ascending order of authority and generation, one act each
 * @param keys per entry kind, how many entries it happened to; only counts over zero
 */
public record Acts(
    String commit,
    String reason,
    List<AuthorityAct> authorities,
    SortedMap<String, Map<KeyAction, Long>> keys) {
  /** Most bytes encoded; schemas/spec/acts.md. About 20 authority acts and 6 kinds. */
  public static final int MAX_LENGTH = 1024;

  private static final Pattern REASON = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  public Acts {
    if (!GitCommit.isValid(commit)) {
      throw new IllegalArgumentException("not a git commit id: \"" + commit + "\"");
    }
    if (!REASON.matcher(reason).matches()) {
      throw new IllegalArgumentException("not a reason code: \"" + reason + "\"");
    }
    authorities = authorities.stream().sorted().toList();
    for (int i = 1; i < authorities.size(); i++) {
      if (authorities.get(i - 1).compareTo(authorities.get(i)) == 0) {
        throw new IllegalArgumentException("two acts on one generation: " + authorities.get(i));
      }
    }
    keys = copy(keys);
  }

  private static SortedMap<String, Map<KeyAction, Long>> copy(
      SortedMap<String, Map<KeyAction, Long>> keys) {
    TreeMap<String, Map<KeyAction, Long>> copies = new TreeMap<>();
    keys.forEach((kind, counts) -> {
      if (counts.isEmpty() || counts.values().stream().anyMatch(count -> count < 1)) {
        throw new IllegalArgumentException("a count of " + kind + " is not over zero: " + counts);
      }
      copies.put(kind, Collections.unmodifiableMap(new EnumMap<>(counts)));
    });
    return Collections.unmodifiableSortedMap(copies);
  }

  /** The summary of {@code diff}: reads the differing subtrees, and keeps nothing but the counts. */
  public static Acts of(RegistryDiff diff, String commit, String reason) {
    Counter counter = new Counter();
    diff.forEachDevice(counter::add);
    return counter.acts(diff, commit, reason);
  }

  /** Counts key acts device by device, for who makes the next tree and need not read it again. Thread-safe. */
  public static final class Counter {
    private final TreeMap<String, Map<KeyAction, Long>> keys = new TreeMap<>();

    public synchronized void add(DeviceChange device) {
      device
          .entries()
          .forEach(change -> change
              .acts()
              .forEach((kind, action) -> keys.computeIfAbsent(
                      kind, unused -> new EnumMap<>(KeyAction.class))
                  .merge(action, 1L, Long::sum)));
    }

    /** The summary, once every device that {@code diff} holds was added; reads its authorities alone. */
    public synchronized Acts acts(RegistryDiff diff, String commit, String reason) {
      return new Acts(
          commit, reason, diff.authorities().stream().map(AuthorityChange::act).toList(), keys);
    }
  }

  /** Whether this tells of exactly the authority acts in {@code diff}: what agents check, at the cost of two blocks. */
  public boolean matchesAuthorities(RegistryDiff diff) {
    return authorities.equals(
        diff.authorities().stream().map(AuthorityChange::act).sorted().toList());
  }

  /** Strict dag-cbor; throws IllegalArgumentException when it takes more than {@link #MAX_LENGTH} bytes. */
  public byte[] encode() {
    byte[] bytes = DagCbor.encode(ActsCodec.encode(this));
    if (bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException("acts take " + bytes.length + " bytes, at most "
          + MAX_LENGTH + ": make fewer authority acts in one commit");
    }
    return bytes;
  }

  public static Acts decode(byte[] bytes) throws MalformedCborException {
    if (bytes.length > MAX_LENGTH) {
      throw new MalformedCborException(MAX_LENGTH, "acts take more than " + MAX_LENGTH + " bytes");
    }
    return ActsCodec.decode(DagCbor.decode(bytes));
  }
}
