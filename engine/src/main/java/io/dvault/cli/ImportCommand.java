package io.dvault.cli;

import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.DiagnosticPrinter;
import io.dvault.config.ConfigReader;
import io.dvault.desired.DesiredState;
import io.dvault.git.RepositoryView;
import io.dvault.git.SourceFile;
import io.dvault.git.UnifiedDiff;
import io.dvault.importer.OpenSshImport;
import io.dvault.importer.OpenSshImport.Adopted;
import io.dvault.model.Diagnostic;
import io.dvault.model.Diagnostic.Severity;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Quantities;
import io.dvault.schema.Schemas;
import io.dvault.workflow.NamedFile;
import io.dvault.workflow.NewFiles;
import io.dvault.workflow.Workspace;
import io.dvault.yaml.Findings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Import public keys that devices already trust: authorized_keys, .pub files and known_hosts.",
      "Writes YAML files. Works offline, never overwrites a file, and never imports a private key."
    },
    footer = {
      "",
      "Examples:",
      "  dvault import authorized_keys --account ops --device drone-7 --ttl 90d",
      "  dvault import alice.pub --account ops --selector role=drone --ttl 8h --reason INC-4711 -diff",
      "  dvault import ~/.ssh/known_hosts --authority fleet-ssh --ttl 30d"
    })
final class ImportCommand implements Callable<Integer> {
  private static final int MOST_KIB = 1 << 10;

  private final CommandContext context;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "authorized_keys, *.pub, known_hosts or ssh_host_*.pub.")
  List<String> files = new ArrayList<>();

  @Option(
      names = "--account",
      paramLabel = "NAME",
      description = "Account that the keys log in to.")
  String account = "";

  @Option(names = "--device", paramLabel = "NAME", description = "Device. Repeatable.")
  List<String> devices = new ArrayList<>();

  @Option(
      names = "--selector",
      paramLabel = "LABEL=VALUE",
      description = "Devices by label. Repeatable.")
  Map<String, String> selector = new LinkedHashMap<>();

  @Option(
      names = "--ttl",
      required = true,
      paramLabel = "DURATION",
      description = "Lifetime of the imported entries, for example 90d.")
  String ttl = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Reason, recorded in the repository.")
  String reason = "adopted from what the devices had";

  @Option(
      names = "--authority",
      paramLabel = "NAME",
      description = "Authority that certifies host keys.")
  String authority = "";

  @Option(names = "--install", paramLabel = "FOLDER", description = "Folder for host certificates.")
  String install = "/etc/ssh/dvault";

  @Option(names = "--diff", description = "Show what would be written, without writing it.")
  boolean diff;

  ImportCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Workspace workspace = Workspace.open(context.run());
    DesiredState before = workspace.desired();
    Set<String> taken = before.entries().keySet().stream()
        .map(address -> address.secret())
        .collect(Collectors.toSet());
    OpenSshImport adoption = new OpenSshImport(wishes(before), taken);
    files.forEach(file -> adoption.add(
        file, new String(NamedFile.read(context.run(), file, MOST_KIB), StandardCharsets.UTF_8)));
    List<Adopted> adopted = adoption.adopted();
    new DiagnosticPrinter(context.terminal()).print(adoption.findings());
    requireValid(workspace, adopted);
    if (!diff) {
      requireFree(workspace, adopted);
      adopted.forEach(each -> NewFiles.write(workspace.root().resolve(each.path()), content(each)));
    }
    adopted.forEach(this::tell);
    context.terminal().println(verdict(adopted, adoption.findings()));
    boolean refused =
        adoption.findings().stream().anyMatch(each -> each.severity() == Severity.ERROR);
    return refused ? ExitCode.FAILED : ExitCode.OK;
  }

  private OpenSshImport.Wishes wishes(DesiredState state) {
    boolean grants = authority.isEmpty();
    if (grants && (account.isEmpty() || devices.isEmpty() && selector.isEmpty())) {
      throw new DiagnosticException(Diagnostic.error(
          "DV903",
          "missing account or devices",
          "Add --account NAME and --device NAME or --selector LABEL=VALUE; for host keys, add --authority NAME.",
          "Nothing was changed."));
    }
    List<String> conditions = new ArrayList<>();
    if (!devices.isEmpty()) {
      conditions.add("names: [" + String.join(", ", devices) + "]");
    }
    if (!selector.isEmpty()) {
      conditions.add("selector: {"
          + selector.entrySet().stream()
              .map(each -> each.getKey() + ": \"" + each.getValue() + "\"")
              .collect(Collectors.joining(", "))
          + "}");
    }
    Set<String> hosts = devices.isEmpty() ? state.devices().keySet() : Set.copyOf(devices);
    return new OpenSshImport.Wishes(
        account, "{" + String.join(", ", conditions) + "}", hosts, ttl, reason, authority, install);
  }

  private static String content(Adopted each) {
    return Schemas.modeline(each.path()) + each.yaml();
  }

  /** What would be written is read with the rest of the repository first: files that fail are not left behind. */
  private static void requireValid(Workspace workspace, List<Adopted> adopted) {
    RepositoryView view = workspace.view();
    SortedMap<String, SourceFile> all = new TreeMap<>(view.files());
    adopted.forEach(each -> all.put(
        each.path(), new SourceFile(each.path(), content(each).getBytes(StandardCharsets.UTF_8))));
    Findings findings = new Findings();
    ConfigReader.read(
        new RepositoryView(view.root(), view.commit(), false, all, view.findings()),
        workspace.plugins(),
        findings);
    if (findings.hasErrors()) {
      throw new DiagnosticException(findings.sorted());
    }
  }

  private static void requireFree(Workspace workspace, List<Adopted> adopted) {
    for (Adopted each : adopted) {
      if (Files.exists(workspace.root().resolve(each.path()))) {
        throw new DiagnosticException(Diagnostic.error(
            "DV908",
            "the file already exists",
            each.path() + " would be overwritten.",
            "Remove it or rename its object. Nothing was changed."));
      }
    }
  }

  private void tell(Adopted each) {
    if (diff) {
      context
          .terminal()
          .out()
          .print(UnifiedDiff.of("/dev/null", "", "new/" + each.path(), content(each)));
    } else {
      context
          .terminal()
          .println("  " + each.path() + "   from " + each.from().file() + ":"
              + each.from().line());
    }
  }

  private String verdict(List<Adopted> adopted, List<Diagnostic> findings) {
    String left =
        findings.isEmpty() ? "" : ", " + Quantities.count(findings.size(), "line") + " left out";
    return (adopted.isEmpty() || diff ? "" : "\n")
        + Quantities.count(adopted.size(), "object")
        + (diff ? " to write" : " written")
        + left
        + (diff || adopted.isEmpty() ? "." : ". `dvault plan` shows what they would issue.");
  }
}
