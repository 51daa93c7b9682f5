package io.dvault.importer;

import io.dvault.model.Diagnostic;
import io.dvault.model.Names;
import io.dvault.model.SourcePosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns lines of OpenSSH's files into objects. What cannot be said in YAML is left out and told: never half of it. */
public final class OpenSshImport {
  private final Wishes wishes;
  private final Set<String> taken;
  private final Set<String> keys = new HashSet<>();
  private final List<Adopted> adopted = new ArrayList<>();
  private final List<Diagnostic> findings = new ArrayList<>();

  /**
   * What the files do not say.
   *
   * @param devices YAML of the devices of grants, {@code {names: [drone-1]}}
   * @param names of every declared device: those whose host keys may be certified
   * @param authority that certifies host keys, or empty
   */
  public record Wishes(
      String account,
      String devices,
      Set<String> names,
      String ttl,
      String reason,
      String authority,
      String install) {}

  /**
   * @param path where it belongs in the repository
   * @param yaml one object, without a line for editors
   * @param from {@code authorized_keys:3}
   */
  public record Adopted(String kind, String name, String path, String yaml, SourcePosition from) {}

  /** @param taken the names that objects have already, as {@code Grant/alice} */
  public OpenSshImport(Wishes wishes, Set<String> taken) {
    this.wishes = wishes;
    this.taken = new HashSet<>(taken);
  }

  public List<Adopted> adopted() {
    return List.copyOf(adopted);
  }

  /** What was left out, and why. */
  public List<Diagnostic> findings() {
    return List.copyOf(findings);
  }

  /** @param file as the user named it; {@code known_hosts} and {@code ssh_host_*} hold keys of hosts */
  public void add(String file, String text) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    if (text.contains("PRIVATE KEY-----")) {
      findings.add(Diagnostic.error(
              "DV060",
              "a private key is not adopted",
              "dVault generates the private keys of devices: anyone who had this one still has it.",
              "Adopt its public part, " + name + ".pub. A CA's key: dvault authority import NAME "
                  + name + ".",
              "Or seal it for a Token: age -r RECIPIENT, from: {age: PATH}.")
          .at(new SourcePosition(file, 1, 1)));
      return;
    }
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!KeyLine.isEmpty(lines.get(i))) {
        SourcePosition at = new SourcePosition(file, i + 1, 1);
        Optional<KeyLine> line = KeyLine.parse(lines.get(i));
        if (line.isEmpty()) {
          leave(at, "it is not a valid authorized_keys line: options, type, key and comment.");
        } else if (name.contains("known_hosts")) {
          host(line.get(), line.get().before(), at);
        } else if (name.startsWith("ssh_host_")) {
          host(line.get(), List.copyOf(wishes.names()), at);
        } else {
          grant(line.get(), at);
        }
      }
    }
  }

  private void leave(SourcePosition at, String why) {
    findings.add(Diagnostic.warning(
            "DV061", "a line is left out", Character.toUpperCase(why.charAt(0)) + why.substring(1))
        .at(at));
  }

  private void grant(KeyLine line, SourcePosition at) {
    LineOptions options;
    try {
      options = LineOptions.of(line.before());
    } catch (LineOptions.Inexpressible e) {
      leave(at, e.getMessage() + " Without it the key could do more than now.");
      return;
    }
    if (!keys.add(line.key())) {
      leave(at, "its key is in these files already.");
      return;
    }
    String name = free("Grant", line.comment());
    StringBuilder yaml = head("Grant", name);
    yaml.append("  publicKey: ")
        .append(quoted((line.key() + " " + line.comment()).strip()))
        .append('\n');
    yaml.append("  account: ").append(quoted(wishes.account())).append('\n');
    yaml.append("  devices: ").append(wishes.devices()).append('\n');
    yaml.append("  ttl: ").append(wishes.ttl()).append('\n');
    yaml.append("  reason: ").append(quoted(wishes.reason())).append('\n');
    // As the line says it: without this field a Grant would be narrower than what stood there.
    yaml.append("  options: [").append(String.join(", ", options.flags())).append("]\n");
    if (!options.addresses().isEmpty()) {
      yaml.append("  sourceAddress: ").append(list(options.addresses())).append('\n');
    }
    if (!options.command().isEmpty()) {
      yaml.append("  forceCommand: ").append(quoted(options.command())).append('\n');
    }
    adopted.add(new Adopted("Grant", name, "grants/" + name + ".yaml", yaml.toString(), at));
  }

  /** A host's own key, certified where it is; hosts are told by the names that devices have here. */
  private void host(KeyLine line, List<String> hosts, SourcePosition at) {
    Set<String> names = new LinkedHashSet<>();
    hosts.forEach(host -> names.add(host.replaceAll("^\\[(.*)](:[0-9]+)?$", "$1")));
    Optional<String> device = names.stream()
        .map(host -> host.split("\\.")[0])
        .filter(wishes.names()::contains)
        .findFirst();
    if (wishes.authority().isEmpty()) {
      leave(
          at,
          "host keys cannot be imported directly; with --authority NAME the host gets a certificate, which "
              + "needs no known_hosts.");
    } else if (!line.type().equals("ssh-ed25519")) {
      leave(at, "only Ed25519 keys are certified; this one is " + line.type() + ".");
    } else if (device.isEmpty()) {
      leave(
          at,
          names.stream().anyMatch(host -> host.startsWith("|") || host.startsWith("@"))
              ? "its host is hashed or marked, so its device is unknown."
              : "no device is called " + String.join(" or ", names) + ".");
    } else if (!keys.add(line.key())) {
      leave(at, "its key is in these files already.");
    } else {
      String name = free("SshCertificate", "host-" + device.get());
      String yaml = head("SshCertificate", name) + "  authority: " + wishes.authority()
          + "\n  type: host\n  publicKey: "
          + quoted(line.key()) + "\n  devices: {names: [" + quoted(device.get())
          + "]}\n  principals: " + list(names)
          + "\n  ttl: " + wishes.ttl() + "\n  install: {path: " + quoted(wishes.install()) + "}\n";
      adopted.add(new Adopted("SshCertificate", name, "ssh/" + name + ".yaml", yaml, at));
    }
  }

  private static StringBuilder head(String kind, String name) {
    return new StringBuilder("apiVersion: dvault.io/v1\nkind: ")
        .append(kind)
        .append("\nmetadata: {name: ")
        .append(quoted(name))
        .append("}\nspec:\n");
  }

  /** A name out of a comment, that no other object has. */
  private String free(String kind, String comment) {
    String plain = comment
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9._-]+", "-")
        .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    String base = Names.isName(plain) && plain.length() < 58 ? plain : "imported";
    String name = base;
    for (int i = 2; !taken.add(kind + "/" + name); i++) {
      name = base + "-" + i;
    }
    return name;
  }

  private static String list(Iterable<String> texts) {
    List<String> quoted = new ArrayList<>();
    texts.forEach(text -> quoted.add(quoted(text)));
    return quoted.stream().collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", "?")
        + '"';
  }
}
