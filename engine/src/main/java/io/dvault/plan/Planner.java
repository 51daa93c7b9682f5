package io.dvault.plan;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.Change.Issuing;
import io.dvault.plan.Change.Keep;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * (desired, registry, now) to a plan: a pure function, the same for whoever computes it.
 * docs/architecture.md, "Plan and apply".
 */
public final class Planner {
  private static final Comparator<Change> ORDER = Comparator.comparing(
          (Change change) -> change.address().isEmpty())
      .thenComparing(Change::label)
      .thenComparing(change -> change instanceof Issuing ? 0 : 1)
      .thenComparing(Change::entry)
      .thenComparing(Change::device);

  private final PlanInput input;
  private final Instant now;
  private final Holdings holdings;

  private Planner(PlanInput input) {
    this.input = input;
    this.now = input.now().truncatedTo(ChronoUnit.SECONDS);
    this.holdings = new Holdings(input);
  }

  /** Throws a DiagnosticException for what no plan can bring about. */
  public static Plan plan(PlanInput input) {
    return new Planner(input).plan();
  }

  private Plan plan() {
    NamedEntries.requireKnown(input, holdings);
    Decisions decisions = new Decisions(input, holdings, now);
    List<Change> changes = new ArrayList<>();
    List<Keep> keeps = new ArrayList<>();
    for (Change change : decisions.decide()) {
      if (change instanceof Keep keep) {
        keeps.add(keep);
      } else {
        changes.add(change);
      }
    }
    changes.addAll(new Removals(input, holdings, now).find(decisions));
    changes.sort(ORDER);
    List<Change> numbered = number(changes);
    List<AuthorityTransition> authorities = authorities(numbered);
    Optional<DeviceRulesChange> rules = rules();
    Optional<HeadRenewal> head = HeadRenewal.due(input, now);
    boolean more = rules.isPresent() || head.isPresent();
    return new Plan(
        input.base(),
        now,
        input.options(),
        authorities,
        rules,
        numbered,
        head,
        keeps,
        Renames.moved(keeps, holdings),
        Warnings.of(input, holdings, numbered, keeps),
        Estimates.of(input, numbered, authorities, more));
  }

  private List<Change> number(List<Change> changes) {
    List<Change> numbered = new ArrayList<>(changes.size());
    long epoch = input.base().epoch() + 1;
    int index = 0;
    for (Change change : changes) {
      if (change instanceof Issuing issuing) {
        if (++index > Serials.MOST_PER_COMMIT) {
          throw new DiagnosticException(Diagnostic.error(
              "DV208",
              "more than one commit holds",
              "One commit issues at most %,d entries; declare fewer at once."
                  .formatted(Serials.MOST_PER_COMMIT)));
        }
        numbered.add(issuing.numbered(Serials.of(epoch, index)));
      } else {
        numbered.add(change);
      }
    }
    return numbered;
  }

  /** A partial plan leaves the rules as they are: they bound everything, not just its changes. */
  private Optional<DeviceRulesChange> rules() {
    DeviceRulesChange change =
        new DeviceRulesChange(input.registry().rules(), input.desired().enforced());
    boolean same = change.before().equals(change.after());
    return same || input.options().isPartial() ? Optional.empty() : Optional.of(change);
  }

  /** In a partial plan, those that the changes sign with. */
  private List<AuthorityTransition> authorities(List<Change> changes) {
    List<AuthorityTransition> all = new AuthorityPlanner(input.desired(), input.registry()).plan();
    if (!input.options().isPartial()) {
      return all;
    }
    Set<String> used = new HashSet<>();
    changes.forEach(change -> {
      if (change instanceof Issuing issuing) {
        issuing.desired().template().authority().ifPresent(used::add);
        if (input.kinds().trust().contains(issuing.desired().address().kind())) {
          used.add(issuing.desired().address().name());
        }
      }
    });
    return all.stream()
        .filter(each -> each.name().filter(used::contains).isPresent())
        .toList();
  }
}
