package io.dvault.workflow;

import io.dvault.bundle.AgeFile;
import io.dvault.bundle.Recipient;
import io.dvault.config.ConfigReader;
import io.dvault.desired.VaultSettings;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Names;
import io.dvault.schema.Schemas;
import io.dvault.spi.AuthorityType;
import io.dvault.spi.AuthorityType.NewKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where an authority's next key goes: {@code authorities/NAME.N.age} and {@code NAME.N.pub}, and with the first one
 * {@code NAME.yaml} where nothing declares it yet.
 *
 * @param generation the number of the key
 * @param publicParts the files of the generations before
 * @param typeName what it signs
 * @param wanted the algorithm that its key must have, one that the type knows, where any is declared or asked for
 * @param declares whether {@code NAME.yaml} is to be written
 */
public record AuthorityFiles(
    RunEnvironment environment,
    Path folder,
    String name,
    long generation,
    SortedMap<Long, Path> publicParts,
    String typeName,
    AuthorityType type,
    Optional<String> wanted,
    List<VaultSettings.Admin> admins,
    boolean declares) {

  /** @param typeName empty for what is declared, or ssh; {@code algorithm} empty likewise */
  public static AuthorityFiles of(
      RunEnvironment environment, String name, String typeName, String algorithm) {
    if (!Names.isName(name)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          "invalid authority name \"" + name + "\"",
          "Use lower-case letters, digits, - . and _; 63 at most. Nothing was changed."));
    }
    Workspace workspace = Workspace.open(environment);
    Optional<ConfigReader.AuthorityForm> form =
        ConfigReader.findAuthority(workspace.view(), workspace.plugins(), name);
    // A key of another type than the declaration says would be refused by every later command.
    String kind =
        said(name, "--type", typeName, form.flatMap(ConfigReader.AuthorityForm::type), "ssh");
    String word = said(
        name, "--algorithm", algorithm, form.flatMap(ConfigReader.AuthorityForm::algorithm), "");
    AuthorityType type = workspace.plugins().authorityTypes().get(kind);
    if (type == null) {
      throw cannotBe("--type", kind, workspace.plugins().authorityTypes().keySet());
    }
    Optional<String> wanted = Optional.of(word).filter(each -> !each.isEmpty());
    if (wanted.isPresent() && !type.algorithms().contains(word)) {
      throw cannotBe("--algorithm", word, type.algorithms());
    }
    VaultSettings vault = workspace.settings();
    if (vault.admins().isEmpty()) {
      throw new DiagnosticException(Diagnostic.error(
              "DV626",
              "no admin can decrypt the key",
              "spec.admins is empty.",
              "Add your age recipient there. Nothing was changed.")
          .at(vault.position()));
    }
    Path folder = workspace.root().resolve("authorities");
    SortedMap<Long, Path> before = files(folder, name);
    long generation = before.isEmpty() ? 1 : before.lastKey() + 1;
    boolean declares =
        form.isEmpty() && generation == 1 && !Files.exists(folder.resolve(name + ".yaml"));
    return new AuthorityFiles(
        environment,
        folder,
        name,
        generation,
        before,
        kind,
        type,
        wanted,
        vault.admins(),
        declares);
  }

  private static String said(
      String name, String option, String given, Optional<String> declared, String otherwise) {
    if (!given.isEmpty() && declared.filter(word -> !word.equals(given)).isPresent()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV904",
          option + " differs from the declaration",
          "Authority \"" + name + "\" is declared with " + declared.get() + ".",
          "Remove the option. Nothing was changed."));
    }
    return given.isEmpty() ? declared.orElse(otherwise) : given;
  }

  private static DiagnosticException cannotBe(String option, String word, Iterable<String> these) {
    return new DiagnosticException(Diagnostic.error(
        "DV904",
        option + " cannot be \"" + word + "\"",
        "Use one of: " + String.join(", ", these) + ". Nothing was changed."));
  }

  /** By generation; where only the private part is left, its public part's name. */
  private static SortedMap<Long, Path> files(Path folder, String name) {
    SortedMap<Long, Path> found = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    Pattern file = Pattern.compile(Pattern.quote(name) + "\\.([1-9][0-9]{0,8})\\.(pub|age)");
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(path -> file.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .forEach(match -> found.put(
              Long.parseLong(match.group(1)),
              folder.resolve(name + "." + match.group(1) + ".pub")));
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The algorithm of a key that is to be made. */
  public String algorithm() {
    return wanted.orElseGet(() -> type.algorithms().getFirst());
  }

  /** Who the key is for a person, {@code NAME.GENERATION}. */
  public String comment() {
    return name + "." + generation;
  }

  /**
   * Seals the key to every admin and closes it. The public part comes last: a declaration that
   * finds it finds the other.
   */
  public void write(NewKey key) {
    List<Recipient> recipients =
        admins.stream().map(admin -> Recipient.parse(admin.recipient())).toList();
    byte[] sealed;
    try (var secret = key.privatePart()) {
      sealed = AgeFile.seal(recipients, secret.borrow(), environment.random());
    }
    NewFiles.write(folder.resolve(comment() + ".age"), sealed);
    NewFiles.write(
        folder.resolve(comment() + ".pub"), key.publicText().getBytes(StandardCharsets.UTF_8));
    if (declares) {
      NewFiles.write(
          folder.resolve(name + ".yaml"),
          Schemas.modeline("authorities/" + name + ".yaml")
              + """
          apiVersion: dvault.io/v1
          kind: Authority
          metadata: {name: %s}
          spec: {type: %s, key: {type: %s}}
          """.formatted(name, typeName, key.algorithm()));
    }
  }

  /** The admins who can open the key, by name. */
  public List<String> adminNames() {
    return admins.stream().map(VaultSettings.Admin::name).toList();
  }
}
