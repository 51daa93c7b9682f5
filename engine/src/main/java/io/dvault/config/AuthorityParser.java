package io.dvault.config;

import io.dvault.desired.AuthorityDeclaration;
import io.dvault.desired.AuthorityDeclaration.PublicPart;
import io.dvault.git.RepositoryView;
import io.dvault.git.SourceFile;
import io.dvault.model.Diagnostic;
import io.dvault.model.SourcePosition;
import io.dvault.spi.AuthorityType;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code kind: Authority} and the public parts beside it, {@code authorities/NAME.N.pub}. */
final class AuthorityParser {
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  private final Plugins plugins;
  private final RepositoryView view;
  private final Findings findings;

  AuthorityParser(Plugins plugins, RepositoryView view, Findings findings) {
    this.plugins = plugins;
    this.view = view;
    this.findings = findings;
  }

  /** Empty, with a finding, when it has no usable key. */
  Optional<AuthorityDeclaration> parse(Envelope envelope) {
    Fields spec = envelope.spec();
    if (!spec.has("type")) {
      spec.requireString("type");
    }
    String name = spec.choice("type", "", List.copyOf(plugins.authorityTypes().keySet()));
    AuthorityType type = plugins.authorityTypes().get(name);
    Fields key = spec.map("key");
    if (type == null || !envelope.whole()) {
      key.findString("type");
      key.integer("generation", 0, 1, 999_999_999);
      spec.tree("trustedBy"); // what it may say is the type's
      return Optional.empty();
    }
    String algorithm = key.choice("type", type.algorithms().getFirst(), type.algorithms());
    long chosen = key.integer("generation", 0, 1, 999_999_999);
    int before = findings.count();
    SortedMap<Long, PublicPart> generations = generations(envelope.name(), type);
    if (findings.count() > before) {
      return Optional.empty(); // a key that cannot be read is not one that is missing
    }
    if (generations.isEmpty()) {
      spec.error(
          "key",
          "DV033",
          "the authority has no key yet",
          "There is no authorities/" + envelope.name()
              + ".1.pub. Make one: dvault authority create " + envelope.name());
      return Optional.empty();
    }
    long active = chosen == 0 ? generations.lastKey() : chosen;
    if (!generations.containsKey(active)) {
      key.error(
          "generation",
          "DV033",
          "the authority has no generation " + active,
          "There are: " + generations.keySet() + ", from authorities/" + envelope.name()
              + ".N.pub.");
      return Optional.empty();
    }
    return Optional.of(new AuthorityDeclaration(
        envelope.name(), name, algorithm, active, generations, envelope.root().position()));
  }

  private SortedMap<Long, PublicPart> generations(String name, AuthorityType type) {
    SortedMap<Long, PublicPart> generations = new TreeMap<>();
    String prefix = "authorities/" + name + ".";
    for (SourceFile file : view.files().tailMap(prefix).values()) {
      if (!file.path().startsWith(prefix)) {
        break;
      }
      String rest = file.path().substring(prefix.length());
      Matcher number =
          NUMBER.matcher(rest.endsWith(".pub") ? rest.substring(0, rest.length() - 4) : "");
      if (number.matches()) {
        publicPart(file, type)
            .ifPresent(part -> generations.put(Long.parseLong(number.group()), part));
      }
    }
    return generations;
  }

  private Optional<PublicPart> publicPart(SourceFile file, AuthorityType type) {
    try {
      return Optional.of(
          new PublicPart(type.parsePublic(new String(file.content(), StandardCharsets.UTF_8))));
    } catch (IllegalArgumentException e) {
      findings.add(Diagnostic.error(
              "DV034",
              "not a public key of type " + type.type(),
              Recipients.sentence(e.getMessage()))
          .at(new SourcePosition(file.path(), 1, 1)));
      return Optional.empty();
    }
  }
}
