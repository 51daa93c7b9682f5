package io.dvault.workflow;

import io.dvault.config.ConfigReader;
import io.dvault.desired.DesiredState;
import io.dvault.desired.PolicyDeclaration;
import io.dvault.git.RepositoryView;
import io.dvault.git.VaultRepository;
import io.dvault.git.VaultRepository.Difference;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.plan.RegistrySnapshot;
import io.dvault.policy.PolicyChange;
import io.dvault.registry.GitCommit;
import io.dvault.yaml.Findings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The trust policies held against those of the commit that was applied last, so that nobody loosens a rule in the very
 * commit that it would have refused without a reviewer seeing it (docs/requirements.md P10).
 *
 * @param since the commit of the last apply, for people; empty when there is none
 * @param warnings why they could not be compared, or not wholly
 */
public record PolicyHistory(String since, List<PolicyChange> changes, List<Diagnostic> warnings) {
  private static final PolicyHistory NOTHING = new PolicyHistory("", List.of(), List.of());

  public PolicyHistory {
    changes = List.copyOf(changes);
    warnings = List.copyOf(warnings);
  }

  /** Reads of the earlier commit no more than the files that differ. */
  static PolicyHistory of(Workspace workspace, DesiredState desired, RegistrySnapshot registry) {
    RepositoryView view = workspace.view();
    String last = registry.commit();
    if (last.isEmpty()
        || last.equals(GitCommit.text(view.commit(), view.clean())) && view.clean()) {
      return NOTHING; // nothing of git was applied yet, or just this
    }
    String since = GitCommit.abbreviated(last);
    try (VaultRepository repository = workspace.repository()) {
      Optional<Difference> difference = repository.since(GitCommit.id(last), view);
      if (difference.isEmpty()) {
        return new PolicyHistory(
            since,
            List.of(),
            List.of(unknown(
                "This clone has no commit " + GitCommit.id(last) + ", which was applied last.",
                "Run git fetch --unshallow.")));
      }
      return compared(workspace, desired, since, difference.get(), GitCommit.isDirty(last));
    } catch (DiagnosticException e) {
      return new PolicyHistory(
          since,
          List.of(),
          List.of(unknown(
              "Commit " + GitCommit.id(last) + ", which was applied last, cannot be read: "
                  + e.diagnostics().getFirst().summary() + ".",
              "")));
    }
  }

  private static PolicyHistory compared(
      Workspace workspace,
      DesiredState desired,
      String since,
      Difference difference,
      boolean dirty) {
    List<PolicyDeclaration> before = new ArrayList<>();
    Findings findings = new Findings();
    ConfigReader.readPolicies(
        difference.before(), workspace.plugins(), findings, (policies, tests, told) -> {
          before.addAll(policies);
          tests.forEach(test -> test.spec().keys());
        });
    if (findings.hasErrors()) {
      throw new DiagnosticException(findings.sorted());
    }
    List<PolicyDeclaration> after = desired.policies().stream()
        .filter(each -> difference.paths().contains(each.position().file()))
        .toList();
    boolean any = !before.isEmpty() || !desired.policies().isEmpty();
    List<Diagnostic> warnings = dirty && any
        ? List.of(unknown(
            "The last apply was made from uncommitted changes too; they are compared with the commit "
                + "before these, " + since.replace(GitCommit.DIRTY, "") + ".",
            ""))
        : List.of();
    return new PolicyHistory(since, PolicyChange.between(before, after), warnings);
  }

  private static Diagnostic unknown(String why, String wayOut) {
    return Diagnostic.warning(
        "DV261",
        "trust policies could not be compared with those of the last apply",
        wayOut.isEmpty() ? new String[] {why} : new String[] {why, wayOut});
  }

  /** {@code trust policy sessions loosened since 8d3f0c1}. */
  public String words(PolicyChange change) {
    return change.words() + " since " + since + ", which was applied last";
  }
}
