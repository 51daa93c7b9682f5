package io.dvault.cli;

import io.dvault.bundle.AgeFile;
import io.dvault.bundle.Recipient;
import io.dvault.config.ConfigReader;
import io.dvault.config.VaultSettings;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Names;
import io.dvault.spi.AuthorityType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = "Make an authority's key, sealed to every admin of vault.yaml, and its YAML.",
    footer = {
      "",
      "Examples:",
      "  dvault authority create fleet-ssh           first key, and authorities/fleet-ssh.yaml",
      "  dvault authority create fleet-ssh           later: its next generation",
      "  dvault authority create services --type tls"
    })
final class AuthorityCreateCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "NAME", description = "The authority's name.")
  String name = "";

  @Option(names = "--type", paramLabel = "TYPE", description = "What it signs: ssh, tls. Default: as declared, else ssh.")
  String typeName = "";

  @Option(names = "--algorithm", paramLabel = "NAME",
      description = "Kind of key. Default: as declared, else the type's own.")
  String algorithm = "";

  AuthorityCreateCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    if (!Names.isName(name)) {
      throw new DiagnosticException(Diagnostic.error("DV904", "an authority cannot be called \"" + name + "\"",
          "Lower-case letters, digits, - . and _, 63 at most. Nothing was changed."));
    }
    Workspace workspace = Workspace.open(context);
    boolean declared = readDeclaration(workspace);
    AuthorityType type = type(workspace);
    VaultSettings vault = workspace.settings();
    if (vault.admins().isEmpty()) {
      throw new DiagnosticException(Diagnostic.error("DV626", "no admin could open the key",
          "spec.admins names nobody.", "Add your age recipient there. Nothing was changed.").at(vault.position()));
    }
    Path folder = workspace.root().resolve("authorities");
    long generation = newest(folder) + 1;
    writeKey(folder, generation, type, vault);
    Path yaml = folder.resolve(name + ".yaml");
    boolean declare = !declared && generation == 1 && !Files.exists(yaml);
    if (declare) {
      NewFiles.write(yaml, Schemas.modeline("authorities/" + name + ".yaml") + """
          apiVersion: dvault.io/v1
          kind: Authority
          metadata: {name: %s}
          spec: {type: %s, key: {type: %s}}
          """.formatted(name, typeName, algorithm(type)));
    }
    print(generation, vault, declare);
    return ExitCode.OK;
  }

  /** Whether there is one. A key of another type than it says would be refused by every later command. */
  private boolean readDeclaration(Workspace workspace) {
    Optional<ConfigReader.AuthorityForm> form =
        ConfigReader.findAuthority(workspace.view(), workspace.plugins(), name);
    typeName = said("--type", typeName, form.flatMap(ConfigReader.AuthorityForm::type), "ssh");
    algorithm = said("--algorithm", algorithm, form.flatMap(ConfigReader.AuthorityForm::algorithm), "");
    return form.isPresent();
  }

  private String said(String option, String given, Optional<String> declared, String otherwise) {
    if (!given.isEmpty() && declared.filter(word -> !word.equals(given)).isPresent()) {
      throw new DiagnosticException(Diagnostic.error("DV904", option + " differs from the declaration",
          "Authority \"" + name + "\" is declared with " + declared.get() + ".", "Leave the option out. Nothing was changed."));
    }
    return given.isEmpty() ? declared.orElse(otherwise) : given;
  }

  private AuthorityType type(Workspace workspace) {
    AuthorityType type = workspace.plugins().authorityTypes().get(typeName);
    if (type == null) {
      throw new DiagnosticException(Diagnostic.error("DV904", "--type cannot be \"" + typeName + "\"",
          "These work: " + String.join(", ", workspace.plugins().authorityTypes().keySet()) + ". Nothing was changed."));
    }
    if (!type.algorithms().contains(algorithm(type))) {
      throw new DiagnosticException(Diagnostic.error("DV904", "--algorithm cannot be \"" + algorithm + "\"",
          "These work: " + String.join(", ", type.algorithms()) + ". Nothing was changed."));
    }
    return type;
  }

  private String algorithm(AuthorityType type) {
    return algorithm.isEmpty() ? type.algorithms().getFirst() : algorithm;
  }

  /** The public part comes last: a declaration that finds it finds the private part too. */
  private void writeKey(Path folder, long generation, AuthorityType type, VaultSettings vault) {
    List<Recipient> admins = vault.admins().stream().map(admin -> Recipient.parse(admin.recipient())).toList();
    AuthorityType.NewKey key = type.generate(algorithm(type), name + "." + generation, context.clock().instant(), context.random());
    byte[] sealed;
    try (var secret = key.privatePart()) {
      sealed = AgeFile.seal(admins, secret.borrow(), context.random());
    }
    NewFiles.write(folder.resolve(name + "." + generation + ".age"), sealed);
    NewFiles.write(folder.resolve(name + "." + generation + ".pub"), key.publicText().getBytes(StandardCharsets.UTF_8));
  }

  private long newest(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    Pattern file = Pattern.compile(Pattern.quote(name) + "\\.([1-9][0-9]{0,8})\\.(pub|age)");
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> file.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(match -> Long.parseLong(match.group(1)))
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void print(long generation, VaultSettings vault, boolean declared) {
    Terminal terminal = context.terminal();
    String admins = String.join(", ", vault.admins().stream().map(VaultSettings.Admin::name).toList());
    String file = "authorities/" + name + "." + generation;
    terminal.println("Authority " + name + ", generation " + generation + ":");
    terminal.println("");
    terminal.println("  " + file + ".age   private key, sealed to " + admins);
    terminal.println("  " + file + ".pub   public key");
    if (declared) {
      terminal.println("  authorities/" + name + ".yaml" + " ".repeat(String.valueOf(generation).length() + 1)
          + "  its declaration");
    }
    terminal.println("");
    terminal.println("Next: commit them and run `dvault apply`. Nothing has reached the chain yet.");
  }
}
