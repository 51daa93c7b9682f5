package io.dvault.workflow;

import io.dvault.config.ConfigReader;
import io.dvault.config.Plugins;
import io.dvault.desired.DesiredState;
import io.dvault.desired.VaultSettings;
import io.dvault.git.RepositoryView;
import io.dvault.git.VaultRepository;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.policy.Policies;
import io.dvault.spi.SecretKind;
import io.dvault.yaml.Findings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The vault that the working folder belongs to, as its files are on disk now or as they are at a commit. Findings are
 * DiagnosticExceptions.
 */
public final class Workspace {
  private final RunEnvironment environment;
  private final RepositoryView view;
  private final boolean committed;
  private final Plugins plugins;
  private final Timings timings;
  private final Policies policies = new Policies();
  private Optional<DesiredState> read = Optional.empty();

  /** @param committed whether the files are those of a commit, wherever they are on disk */
  private Workspace(
      RunEnvironment environment,
      RepositoryView view,
      boolean committed,
      Plugins plugins,
      Timings timings) {
    this.environment = environment;
    this.view = view;
    this.committed = committed;
    this.plugins = plugins;
    this.timings = timings;
  }

  public static Workspace open(RunEnvironment environment) {
    return open(environment, Optional.empty());
  }

  /** @param revision the commit to read, as git writes it; empty: the files on disk */
  public static Workspace open(RunEnvironment environment, Optional<String> revision) {
    Timings timings = new Timings();
    timings.begin("files");
    try (VaultRepository repository = repository(environment)) {
      RepositoryView view = revision.map(repository::at).orElseGet(repository::workTree);
      return new Workspace(
          environment, view, revision.isPresent() || repository.isBare(), Plugins.load(), timings);
    }
  }

  private static VaultRepository repository(RunEnvironment environment) {
    return VaultRepository.open(
        environment.directory(), environment.variable("GIT_DIR").map(Path::of));
  }

  /** The git repository, opened anew for other commits of it. */
  public VaultRepository repository() {
    return repository(environment);
  }

  /** The same vault at a commit; DV308 when this clone does not have it. */
  public static Workspace openCommit(RunEnvironment environment, String commit) {
    try (VaultRepository repository = repository(environment)) {
      RepositoryView view = repository
          .findCommit(commit)
          .orElseThrow(() -> new DiagnosticException(Diagnostic.error(
              "DV308",
              "the proposal's git commit is not here",
              "This clone has no commit " + commit + ".",
              "Run git fetch. Nothing was signed.")));
      return new Workspace(environment, view, true, Plugins.load(), new Timings());
    }
  }

  /**
   * A file of the commit that this was opened at, which need be no YAML; empty when the files on disk count, or the
   * commit has no such file.
   *
   * @param path relative to the vault's folder
   */
  Optional<byte[]> findCommitted(String path) {
    if (!committed) {
      return Optional.empty();
    }
    try (VaultRepository repository = repository()) {
      return repository.findFile(view.commit(), path);
    }
  }

  /** Whether it was opened at a commit, whatever is on disk. */
  boolean isCommitted() {
    return committed;
  }

  public Path root() {
    return view.root();
  }

  public RepositoryView view() {
    return view;
  }

  /** The kind that an entry is of; empty when no plugin has it. */
  public Optional<SecretKind> findKind(String entryKind) {
    return plugins.findByEntryKind(entryKind);
  }

  public Plugins plugins() {
    return plugins;
  }

  /** Where this run's time goes. */
  public Timings timings() {
    return timings;
  }

  /** vault.yaml alone, whatever is wrong elsewhere. */
  public VaultSettings settings() {
    Findings findings = new Findings();
    return orThrow(ConfigReader.readVault(view, plugins, findings), findings);
  }

  /**
   * All that is declared, read once. What relies on the enrolment of devices checks it: {@link Enrolments}.
   */
  public DesiredState desired() {
    if (read.isEmpty()) {
      timings.begin("configuration");
      Findings findings = new Findings();
      read = Optional.of(orThrow(read(findings), findings));
    }
    return read.get();
  }

  /** The trust policies of what is declared; asked after {@link #desired}. */
  public Policies policies() {
    return policies;
  }

  /** All that is declared, with every finding; empty when one of them is an error. */
  public Optional<DesiredState> read(Findings findings) {
    return ConfigReader.read(view, plugins, findings, policies);
  }

  private static <T> T orThrow(Optional<T> read, Findings findings) {
    List<Diagnostic> errors = findings.sorted().stream()
        .filter(each -> each.severity() == Diagnostic.Severity.ERROR)
        .toList();
    return read.orElseThrow(() -> new DiagnosticException(errors));
  }
}
