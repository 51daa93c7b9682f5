package io.dvault.cli;

import io.dvault.config.EnrolmentCache;
import io.dvault.model.Bytes32;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Enrolments that this user's dVault has checked before, 32 bytes each. Ten thousand signatures cost a second; that they
 * are still right costs a hash.
 */
final class CheckedEnrolments implements EnrolmentCache {
  private static final long LARGEST = 32L * 1_000_000;

  private final UserCache cache;
  private final String name;
  private final Set<Bytes32> known = ConcurrentHashMap.newKeySet();
  private final Set<Bytes32> used = ConcurrentHashMap.newKeySet();

  private CheckedEnrolments(UserCache cache, String name) {
    this.cache = cache;
    this.name = name;
  }

  /** @param root the vault's folder: each clone has a file of its own */
  static CheckedEnrolments open(CommandContext context, Path root) {
    CheckedEnrolments checked = new CheckedEnrolments(
        UserCache.of(context), "enrolments-" + Bytes32.sha256(root.toString()).hex().substring(0, 32));
    byte[] all = checked.cache.read(checked.name, LARGEST).orElse(new byte[0]);
    for (int at = 0; at + Bytes32.LENGTH <= all.length; at += Bytes32.LENGTH) {
      checked.known.add(Bytes32.of(Arrays.copyOfRange(all, at, at + Bytes32.LENGTH)));
    }
    return checked;
  }

  @Override
  public boolean isEmpty() {
    return known.isEmpty();
  }

  @Override
  public boolean holds(Bytes32 enrolment) {
    boolean holds = known.contains(enrolment);
    if (holds) {
      used.add(enrolment);
    }
    return holds;
  }

  @Override
  public void add(Bytes32 enrolment) {
    used.add(enrolment);
  }

  /** Keeps what was of use in this run, which asked for every enrolment that there is. */
  void save() {
    if (!known.equals(used) && !used.isEmpty()) {
      write(used);
    }
  }

  /** Keeps what it knew and what was new in this run, which asked for some enrolments only. */
  void saveSome() {
    if (!known.containsAll(used)) {
      Set<Bytes32> all = new HashSet<>(known);
      all.addAll(used);
      write(all.size() <= LARGEST / Bytes32.LENGTH ? all : used);
    }
  }

  private void write(Set<Bytes32> enrolments) {
    byte[] all = new byte[enrolments.size() * Bytes32.LENGTH];
    int at = 0;
    for (Bytes32 each : new TreeSet<>(enrolments)) {
      System.arraycopy(each.toArray(), 0, all, at, Bytes32.LENGTH);
      at += Bytes32.LENGTH;
    }
    cache.write(name, all); // and if that fails, everything is checked again next time
  }
}
