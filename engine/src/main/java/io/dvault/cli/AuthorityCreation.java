package io.dvault.cli;

import io.dvault.bundle.AgeFile;
import io.dvault.bundle.Recipient;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code authority create}: a key that is nowhere in the clear, and the YAML that declares it. */
final class AuthorityCreation {
  private final CommandContext context;

  AuthorityCreation(CommandContext context) {
    this.context = context;
  }

  int create(String name, String typeName, String algorithm) {
    if (!Names.isName(name)) {
      throw new DiagnosticException(Diagnostic.error("DV904", "an authority cannot be called \"" + name + "\"",
          "Lower-case letters, digits, - . and _, 63 at most. Nothing was changed."));
    }
    AuthorityType type = AuthorityKeyring.findType(typeName).orElseThrow(() -> new DiagnosticException(
        Diagnostic.error("DV904", "--type cannot be \"" + typeName + "\"", "ssh works. Nothing was changed.")));
    String chosen = algorithm.isEmpty() ? type.algorithms().getFirst() : algorithm;
    if (!type.algorithms().contains(chosen)) {
      throw new DiagnosticException(Diagnostic.error("DV904", "--algorithm cannot be \"" + algorithm + "\"",
          "These work: " + String.join(", ", type.algorithms()) + ". Nothing was changed."));
    }
    Workspace workspace = Workspace.open(context);
    VaultSettings vault = workspace.settings();
    if (vault.admins().isEmpty()) {
      throw new DiagnosticException(Diagnostic.error("DV626", "no admin could open the key",
          "spec.admins names nobody.", "Add your age recipient there. Nothing was changed.").at(vault.position()));
    }
    Path folder = workspace.root().resolve("authorities");
    long generation = newest(folder, name) + 1;
    write(folder, name, generation, type, chosen, vault);
    Path yaml = folder.resolve(name + ".yaml");
    boolean declared = generation > 1 || Files.exists(yaml);
    if (!declared) {
      NewFiles.write(yaml, """
          apiVersion: dvault.io/v1
          kind: Authority
          metadata: {name: %s}
          spec: {type: %s, key: {type: %s}}
          """.formatted(name, typeName, chosen));
    }
    print(name, generation, vault, declared);
    return ExitCode.OK;
  }

  private void write(
      Path folder, String name, long generation, AuthorityType type, String algorithm, VaultSettings vault) {
    List<Recipient> admins = vault.admins().stream().map(admin -> Recipient.parse(admin.recipient())).toList();
    AuthorityType.NewKey key = type.generate(algorithm, name + "." + generation, context.random());
    byte[] sealed;
    try (var secret = key.privatePart()) {
      sealed = AgeFile.seal(admins, secret.borrow(), context.random());
    }
    NewFiles.write(folder.resolve(name + "." + generation + ".age"), sealed);
    NewFiles.write(folder.resolve(name + "." + generation + ".pub"), key.publicText().getBytes(StandardCharsets.UTF_8));
  }

  private static long newest(Path folder, String name) {
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

  private void print(String name, long generation, VaultSettings vault, boolean declared) {
    Terminal terminal = context.terminal();
    String admins = String.join(", ", vault.admins().stream().map(VaultSettings.Admin::name).toList());
    terminal.println("Authority " + name + ", generation " + generation + ":");
    terminal.println("");
    terminal.println("  authorities/" + name + "." + generation + ".age    private key, sealed to " + admins);
    terminal.println("  authorities/" + name + "." + generation + ".pub    public key");
    if (!declared) {
      terminal.println("  authorities/" + name + ".yaml     its declaration");
    }
    terminal.println("");
    terminal.println("Next: commit them and run `dvault apply`. Nothing has reached the chain yet.");
  }
}
