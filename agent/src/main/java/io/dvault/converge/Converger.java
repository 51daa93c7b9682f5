package io.dvault.converge;

import io.dvault.converge.Step.Install;
import io.dvault.converge.Step.Keep;
import io.dvault.converge.Step.Reason;
import io.dvault.converge.Step.Remove;
import io.dvault.converge.Step.Replace;
import io.dvault.install.InstalledEntry;
import io.dvault.model.EntryId;
import io.dvault.model.RevocationId;
import io.dvault.registry.DeviceEntry;
import io.dvault.registry.EntryRecord;
import io.dvault.registry.EntryStatus;
import io.dvault.spi.Installation.AtEnd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What to do so that a device holds exactly its entries: a pure function of what is known. */
public final class Converger {
  private Converger() {}

  /**
   * What is known.
   *
   * @param held what is installed
   * @param listed what the followed root lists for this device; empty when that is not known (no block could be had)
   * @param revoked what guardians revoked
   * @param damaged entries whose files somebody changed
   * @param outside entries that agent.yaml does not allow any more
   * @param now the device's time: a lower bound, so nothing ends on a guess
   */
  public record Knowledge(
      Map<EntryId, InstalledEntry> held,
      Optional<DeviceEntry> listed,
      Set<RevocationId> revoked,
      Set<EntryId> damaged,
      Set<EntryId> outside,
      Instant now) {

    Optional<EntryRecord> find(EntryId entry) {
      return listed.map(DeviceEntry::entries).map(entries -> entries.get(entry));
    }
  }

  private interface Rule {
    Optional<Reason> reason(InstalledEntry held, Knowledge known);
  }

  private static final List<Rule> REMOVAL = List.of(
      Converger::byGuardian,
      Converger::byRegistry,
      Converger::atEnd,
      Converger::byBounds,
      Converger::notListed);

  /** One step an entry, in order of id. */
  public static List<Step> plan(Knowledge known) {
    TreeSet<EntryId> all = new TreeSet<>(known.held().keySet());
    known.listed().ifPresent(listed -> all.addAll(listed.entries().keySet()));
    List<Step> steps = new ArrayList<>();
    for (EntryId entry : all) {
      Optional<InstalledEntry> held = Optional.ofNullable(known.held().get(entry));
      Optional<EntryRecord> wanted =
          known.find(entry).filter(record -> isWanted(entry, record, known));
      if (held.isPresent()) {
        steps.add(step(held.get(), wanted, known));
      } else {
        wanted.ifPresent(record -> steps.add(new Install(entry, record)));
      }
    }
    return List.copyOf(steps);
  }

  private static Step step(InstalledEntry held, Optional<EntryRecord> wanted, Knowledge known) {
    Optional<Reason> reason = REMOVAL.stream()
        .map(rule -> rule.reason(held, known))
        .flatMap(Optional::stream)
        .findFirst();
    if (reason.isPresent()) {
      return new Remove(held, reason.get());
    }
    boolean replace = wanted.isPresent()
        && (wanted.get().generation() != held.generation()
            || known.damaged().contains(held.entry()));
    return replace ? new Replace(held, wanted.get()) : new Keep(held, isEnded(held, known.now()));
  }

  private static boolean isWanted(EntryId entry, EntryRecord record, Knowledge known) {
    return record.status() == EntryStatus.ACTIVE
        && record.sealed().isPresent()
        && !known.revoked().contains(RevocationId.of(entry, record.generation()))
        && known.now().isBefore(record.validity().notAfter());
  }

  private static boolean isEnded(InstalledEntry held, Instant now) {
    return !now.isBefore(held.validity().notAfter());
  }

  private static Optional<Reason> byGuardian(InstalledEntry held, Knowledge known) {
    boolean revoked = known.revoked().contains(RevocationId.of(held.entry(), held.generation()));
    return revoked ? Optional.of(Reason.GUARDIAN) : Optional.empty();
  }

  private static Optional<Reason> byRegistry(InstalledEntry held, Knowledge known) {
    return known
        .find(held.entry())
        .filter(record -> record.status() != EntryStatus.ACTIVE)
        .map(record -> Reason.REVOKED);
  }

  private static Optional<Reason> atEnd(InstalledEntry held, Knowledge known) {
    return held.atEnd() == AtEnd.REMOVE && isEnded(held, known.now())
        ? Optional.of(Reason.ENDED)
        : Optional.empty();
  }

  private static Optional<Reason> byBounds(InstalledEntry held, Knowledge known) {
    return known.outside().contains(held.entry()) ? Optional.of(Reason.BOUNDS) : Optional.empty();
  }

  /** docs/threat-model.md T17: only a complete listing shows an absence. */
  private static Optional<Reason> notListed(InstalledEntry held, Knowledge known) {
    return known.listed().isPresent() && known.find(held.entry()).isEmpty()
        ? Optional.of(Reason.NOT_LISTED)
        : Optional.empty();
  }
}
