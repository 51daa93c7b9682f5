package io.dvault.config;

import io.dvault.config.DeclaredFile.DeclaredDevice;
import io.dvault.desired.AuthorityDeclaration;
import io.dvault.desired.DesiredState;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.desired.PolicyDeclaration;
import io.dvault.desired.PolicyLanguage;
import io.dvault.desired.VaultSettings;
import io.dvault.git.RepositoryView;
import io.dvault.git.SourceFile;
import io.dvault.git.VaultRepository;
import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import io.dvault.registry.DeviceRules;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlDocument;
import io.dvault.yaml.YamlFields;
import io.dvault.yaml.YamlReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads a repository whole: every finding in one run, whatever order the files stand in. */
public final class ConfigReader {
  private final RepositoryView view;
  private final Plugins plugins;
  private final Findings findings;
  private final PolicyLanguage language;
  private final List<Envelope> envelopes = new ArrayList<>();
  private final Map<String, SourcePosition> declared = new HashMap<>();
  /** What looks like a secret. No fault of form, so that everything else is told in the same run. */
  private final List<Diagnostic> plaintext = new ArrayList<>();

  private ConfigReader(
      RepositoryView view, Plugins plugins, Findings findings, PolicyLanguage language) {
    this.view = view;
    this.plugins = plugins;
    this.findings = findings;
    this.language = language;
  }

  /** {@link #read(RepositoryView, Plugins, Findings, PolicyLanguage)} without a look into expressions of policies. */
  public static Optional<DesiredState> read(
      RepositoryView view, Plugins plugins, Findings findings) {
    return read(view, plugins, findings, PolicyLanguage.UNCHECKED);
  }

  /**
   * What the repository declares, or empty when {@code findings} hold an error. The proofs of devices are not checked:
   * see {@code Enrolments}.
   */
  public static Optional<DesiredState> read(
      RepositoryView view, Plugins plugins, Findings findings, PolicyLanguage language) {
    Findings declared = new Findings();
    Optional<DesiredState> state =
        new ConfigReader(view, plugins, declared, language).read(findings);
    if (!findings
        .hasErrors()) { // what unreadable files declare is unknown: other findings may be its
      // consequences
      declared.sorted().forEach(findings::add);
    }
    return state;
  }

  /** {@code kind: Vault} alone: for commands that mend what the rest of the repository still lacks. */
  public static Optional<VaultSettings> readVault(
      RepositoryView view, Plugins plugins, Findings findings) {
    return new ConfigReader(view, plugins, findings, PolicyLanguage.UNCHECKED).readVault();
  }

  /**
   * What the declaration of an authority says of its key, whatever is wrong there and elsewhere.
   *
   * @param type {@code spec.type}, if it is there
   * @param algorithm {@code spec.key.type}, if it is there
   */
  public record AuthorityForm(Optional<String> type, Optional<String> algorithm) {}

  /**
   * For the command that makes the key, without which nothing can be read whole; empty when {@code
   * name} is not declared.
   */
  public static Optional<AuthorityForm> findAuthority(
      RepositoryView view, Plugins plugins, String name) {
    Findings elsewhere = new Findings();
    return new ConfigReader(view, plugins, elsewhere, PolicyLanguage.UNCHECKED)
        .documents(view.yaml()).stream()
            .flatMap(document -> Envelope.read(document, Set.of("Authority"), elsewhere).stream())
            .filter(each -> each.name().equals(name))
            .findFirst()
            .map(each -> new AuthorityForm(
                each.spec().findString("type"), each.spec().map("key").findString("type")));
  }

  /**
   * {@code TrustPolicy} and {@code PolicyTest} alone, whatever the rest of the repository lacks:
   * for {@code language}.
   */
  public static void readPolicies(
      RepositoryView view, Plugins plugins, Findings findings, PolicyLanguage language) {
    new ConfigReader(view, plugins, findings, language).readPolicies();
  }

  private void readPolicies() {
    Set<String> kinds = Set.of("TrustPolicy", "PolicyTest");
    for (YamlDocument document : documents(view.yaml())) {
      Envelope.read(document, kinds, new Findings())
          .flatMap(each -> Envelope.read(document, kinds, findings))
          .filter(this::isNew)
          .ifPresent(envelopes::add);
    }
    policies();
    envelopes.forEach(Envelope::finish);
  }

  private Optional<VaultSettings> readVault() {
    Optional<SourceFile> usual = view.find(VaultRepository.MARKER);
    return usual.flatMap(file -> readVault(List.of(file))).or(() -> readVault(view.yaml()));
  }

  /** Empty, and maybe findings, when no vault can be read from {@code files}. */
  private Optional<VaultSettings> readVault(List<SourceFile> files) {
    Findings elsewhere = new Findings(); // faults of other documents are not asked about here
    envelopes.clear();
    for (YamlDocument document : documents(files)) {
      Envelope.read(document, Envelope.coreKinds(), elsewhere)
          .filter(each -> each.kind().equals("Vault"))
          .flatMap(each -> Envelope.read(document, Envelope.coreKinds(), findings))
          .ifPresent(envelopes::add);
    }
    if (envelopes.isEmpty() && files.size() < view.yaml().size()) {
      return Optional.empty(); // it is declared in some other file
    }
    Optional<VaultSettings> vault = vault();
    envelopes.forEach(each -> {
      each.spec().map("groups").keys();
      each.spec().map("defaults").keys();
    });
    envelopes.forEach(Envelope::finish);
    return findings.hasErrors() ? Optional.empty() : vault;
  }

  /** @param form gets what is wrong with the files as YAML, and then what looks like a secret in them */
  private Optional<DesiredState> read(Findings form) {
    Set<String> kinds = kinds();
    view.findings().forEach(form::add);
    List<DeclaredFile> files = view.yaml().parallelStream()
        .map(file -> DeclaredFile.read(file, kinds, findings))
        .toList();
    for (DeclaredFile file : files) {
      file.form().sorted().forEach(form::add);
      plaintext.addAll(file.plaintext().sorted());
      file.others().stream().filter(this::isNew).forEach(envelopes::add);
    }
    if (form.hasErrors()) {
      plaintext.forEach(form::add);
      return Optional.empty();
    }
    return state(vault(), devices(files));
  }

  private Set<String> kinds() {
    Set<String> kinds = new TreeSet<>(plugins.kinds().keySet());
    kinds.addAll(Envelope.coreKinds());
    return kinds;
  }

  private Optional<DesiredState> state(
      Optional<VaultSettings> vault, List<DeviceDeclaration> devices) {
    List<AuthorityDeclaration> authorities = authorities();
    DeclaredEntries entries = DeclaredEntries.read(
        envelopes, fleet(vault, devices, authorities), moves(), plugins, findings);
    List<PolicyDeclaration> policies = policies();
    envelopes.parallelStream().forEach(Envelope::finish);
    plaintext.forEach(findings::add);
    if (findings.hasErrors() || vault.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new DesiredState(
        vault.get(), devices, authorities, entries.under(vault.get().salt(), devices), policies));
  }

  private List<YamlDocument> documents(List<SourceFile> files) {
    record Parsed(List<YamlDocument> documents, Findings found, Findings guesses) {}
    List<YamlDocument> documents = new ArrayList<>();
    files.parallelStream()
        .map(file -> {
          Findings found = new Findings();
          List<YamlDocument> read = YamlReader.read(file.path(), file.content(), found);
          Findings guesses = new Findings();
          read.forEach(document -> Plaintext.find(document, guesses));
          return new Parsed(read, found, guesses);
        })
        .toList()
        .forEach(parsed -> {
          parsed.found().sorted().forEach(findings::add);
          plaintext.addAll(parsed.guesses().sorted());
          documents.addAll(parsed.documents());
        });
    return documents;
  }

  private boolean isNew(Envelope envelope) {
    return isNew(
        envelope.subject(),
        envelope.root().position(),
        envelope.root().map("metadata").position("name"));
  }

  private boolean isNew(String subject, SourcePosition here, SourcePosition name) {
    SourcePosition first = declared.putIfAbsent(subject, here);
    if (first != null && !subject.endsWith(" \"\"")) {
      findings.add(Diagnostic.error(
              "DV023", subject + " is declared twice", "The first one is at " + first + ".")
          .at(name)
          .on(subject));
      return false;
    }
    return true;
  }

  private List<Envelope> ofKind(String kind) {
    return envelopes.stream().filter(each -> each.kind().equals(kind)).toList();
  }

  private Optional<VaultSettings> vault() {
    List<Envelope> vaults = ofKind("Vault");
    if (vaults.isEmpty()) {
      findings.add(Diagnostic.error(
          "DV024",
          "no vault declared here",
          "There is no document of kind: Vault in " + view.root() + ".",
          "Run `dvault init` to create one, or select the folder with vault.yaml with --chdir."));
    }
    for (Envelope other : vaults.subList(Math.min(1, vaults.size()), vaults.size())) {
      other
          .root()
          .error(
              "kind",
              "DV024",
              "a second vault",
              "A repository holds one; the first is at "
                  + vaults.getFirst().root().position() + ".");
    }
    return vaults.stream()
        .map(each -> new VaultParser(plugins, view.root()).parse(each))
        .toList()
        .stream()
        .findFirst();
  }

  /** Each has a name, a recipient and a signer of its own. */
  private List<DeviceDeclaration> devices(List<DeclaredFile> files) {
    List<DeclaredDevice> devices = files.stream()
        .flatMap(file -> file.devices().stream())
        .filter(each -> isNew(each.subject(), each.device().position(), each.name()))
        .filter(DeclaredDevice::whole)
        .toList();
    Map<String, String> recipients = new HashMap<>();
    Map<String, String> signers = new HashMap<>();
    for (DeclaredDevice each : devices) {
      unique(each, "recipient", each.device().recipient(), each.recipient(), recipients);
      unique(each, "signer", each.device().signer(), each.signer(), signers);
    }
    return devices.stream().map(DeclaredDevice::device).toList();
  }

  private void unique(
      DeclaredDevice declared,
      String key,
      String value,
      SourcePosition at,
      Map<String, String> seen) {
    String first =
        value.isEmpty() ? null : seen.putIfAbsent(value, declared.device().name());
    if (first != null) {
      findings.add(Diagnostic.error(
              "DV032",
              "this " + key + " is used twice",
              "Device \"" + first + "\" has it too. Each device needs its own identity.")
          .at(at)
          .on(declared.subject()));
    }
  }

  private List<AuthorityDeclaration> authorities() {
    AuthorityParser parser = new AuthorityParser(plugins, view, findings);
    return ofKind("Authority").stream()
        .flatMap(each -> parser.parse(each).stream())
        .toList();
  }

  private List<PolicyDeclaration> policies() {
    PolicyParser parser = new PolicyParser(plugins.entryKinds().keySet());
    List<PolicyDeclaration> policies =
        ofKind("TrustPolicy").stream().map(parser::parse).toList();
    List<PolicyLanguage.Test> tests = ofKind("PolicyTest").stream()
        .map(each -> new PolicyLanguage.Test(each.name(), each.spec()))
        .toList();
    if (!policies.isEmpty() || !tests.isEmpty()) {
      language.check(policies, tests, findings);
    }
    if (policies.size() > 1
        && policies.stream()
            .map(PolicyDeclaration::enforce)
            .reduce(DeviceRules.NONE, DeviceRules::and)
            .takesNothing()) {
      findings.add(Diagnostic.error(
          "DV257",
          "the policies together leave nothing that a device would take",
          "Their lists under enforce have nothing in common: "
              + String.join(
                  ", ", policies.stream().map(PolicyDeclaration::name).sorted().toList()) + "."));
    }
    return policies;
  }

  private DeclaredFleet fleet(
      Optional<VaultSettings> vault,
      List<DeviceDeclaration> devices,
      List<AuthorityDeclaration> authorities) {
    SortedMap<String, AuthorityDeclaration> usable = new TreeMap<>();
    authorities.forEach(each -> usable.put(each.name(), each));
    Set<String> names = new TreeSet<>();
    ofKind("Authority").forEach(each -> names.add(each.name()));
    return new DeclaredFleet(
        devices,
        usable,
        names,
        groups(),
        vault.map(VaultSettings::pollInterval).orElse(Duration.ofSeconds(30)));
  }

  private SortedMap<String, DeviceGroup> groups() {
    SortedMap<String, DeviceGroup> groups = new TreeMap<>();
    for (Envelope vault : ofKind("Vault")) {
      YamlFields declaredGroups = vault.spec().map("groups");
      for (String name : declaredGroups.keys()) {
        DeviceGroup group = DeviceGroup.read(declaredGroups.map(name));
        if (group.isEmpty()) {
          declaredGroups.error(
              name,
              "DV036",
              "group \"" + name + "\" is empty",
              "Add names, a selector or matchExpressions.");
        }
        if (!group.groups().isEmpty()) {
          declaredGroups
              .map(name)
              .error(
                  "groups",
                  "DV036",
                  "a group cannot contain groups",
                  "Repeat its selectors instead.");
        }
        groups.put(name, group);
      }
    }
    return groups;
  }

  private Moves moves() {
    List<Envelope> declarations =
        ofKind("Moved").stream().filter(Envelope::whole).toList();
    Set<String> secrets = new HashSet<>();
    if (!declarations.isEmpty()) {
      envelopes.stream()
          .filter(each -> plugins.kinds().containsKey(each.kind()))
          .forEach(each -> secrets.add(each.kind() + "/" + each.name()));
    }
    return Moves.read(declarations, secrets, plugins.kinds().keySet());
  }
}
