package io.dvault.plan;

import io.dvault.desired.AuthorityDeclaration;
import io.dvault.desired.DesiredState;
import io.dvault.model.AuthorityId;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of the generations of authorities: prepared, active, tainted, revoked. */
final class AuthorityPlanner {
  private final DesiredState desired;
  private final RegistrySnapshot registry;

  AuthorityPlanner(DesiredState desired, RegistrySnapshot registry) {
    this.desired = desired;
    this.registry = registry;
  }

  /** By name, then generation; those that are no longer declared last. */
  List<AuthorityTransition> plan() {
    List<AuthorityTransition> changes = new ArrayList<>();
    Map<AuthorityId, List<AuthorityRecord>> left = new HashMap<>(registry.authorities());
    for (AuthorityDeclaration authority : desired.authorities().values()) {
      AuthorityId id = id(authority.name());
      List<AuthorityRecord> records = Optional.ofNullable(left.remove(id)).orElse(List.of());
      declared(authority, id, records, changes);
    }
    left.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
        .forEach(each -> each.getValue().stream()
            .filter(record -> record.status() != AuthorityStatus.REVOKED)
            .forEach(record -> changes.add(
                change(each.getKey(), Optional.empty(), record, AuthorityStatus.REVOKED))));
    return changes;
  }

  private AuthorityId id(String name) {
    return AuthorityId.of(desired.vault().salt(), name);
  }

  private static void declared(
      AuthorityDeclaration authority,
      AuthorityId id,
      List<AuthorityRecord> records,
      List<AuthorityTransition> changes) {
    Map<Long, AuthorityRecord> known = new HashMap<>();
    records.forEach(record -> known.put(record.generation(), record));
    authority.generations().forEach((generation, part) -> {
      AuthorityRecord record = known.get(generation);
      Optional<AuthorityStatus> next = next(authority, generation, Optional.ofNullable(record));
      if (record != null && !Arrays.equals(record.publicPart(), part.bytes())) {
        throw keyChanged(authority, generation);
      }
      if (next.isPresent()) {
        changes.add(new AuthorityTransition(
            id,
            Optional.of(authority.name()),
            authority.type(),
            generation,
            part.bytes(),
            Optional.ofNullable(record).map(AuthorityRecord::status),
            next.get()));
      }
    });
    // A generation whose public file went away signs nothing any more, but what it signed is still
    // out there.
    records.stream()
        .filter(record -> !authority.generations().containsKey(record.generation()))
        .filter(record -> record.status() == AuthorityStatus.ACTIVE
            || record.status() == AuthorityStatus.PREPARED)
        .forEach(record -> changes.add(
            change(id, Optional.of(authority.name()), record, AuthorityStatus.TAINTED)));
  }

  /** The new status, or empty when nothing changes. */
  private static Optional<AuthorityStatus> next(
      AuthorityDeclaration authority, long generation, Optional<AuthorityRecord> record) {
    boolean active = generation == authority.active();
    if (record.isEmpty()) {
      return active
          ? Optional.of(AuthorityStatus.ACTIVE)
          : Optional.of(AuthorityStatus.PREPARED).filter(status -> generation > authority.active());
    }
    return switch (record.get().status()) {
      case PREPARED -> active ? Optional.of(AuthorityStatus.ACTIVE) : Optional.empty();
      case ACTIVE -> active ? Optional.empty() : Optional.of(AuthorityStatus.TAINTED);
      case TAINTED -> active ? Optional.of(AuthorityStatus.ACTIVE) : Optional.empty();
      case REVOKED -> {
        if (active) {
          throw new DiagnosticException(Diagnostic.error(
                  "DV209",
                  "authority \"" + authority.name() + "\" signs with a revoked key",
                  "Generation " + generation + " was revoked and cannot sign again.",
                  "Create another: dvault authority create " + authority.name())
              .at(authority.position()));
        }
        yield Optional.empty();
      }
    };
  }

  private static DiagnosticException keyChanged(AuthorityDeclaration authority, long generation) {
    return new DiagnosticException(Diagnostic.error(
            "DV209",
            "authority \"" + authority.name() + "\" has another key than the vault",
            "authorities/" + authority.name() + "." + generation
                + ".pub differs from what was committed as generation " + generation + ".",
            "Restore the file from git; a new key is a new generation: dvault authority create "
                + authority.name())
        .at(authority.position()));
  }

  private static AuthorityTransition change(
      AuthorityId id, Optional<String> name, AuthorityRecord record, AuthorityStatus to) {
    return new AuthorityTransition(
        id,
        name,
        record.kind(),
        record.generation(),
        record.publicPart(),
        Optional.of(record.status()),
        to);
  }
}
