package io.dvault.agent;

import io.dvault.agent.AgentConfig.SessionEnd;
import io.dvault.agent.AgentConfig.Sink;
import io.dvault.disk.Layout;
import io.dvault.gateway.GatewayUrl;
import io.dvault.install.Action;
import io.dvault.install.DeviceAllowlist;
import io.dvault.ledger.LedgerException;
import io.dvault.ledger.evm.EndpointSettings;
import io.dvault.model.DiagnosticException;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code agent.yaml}; everything wrong in it is told at once. */
final class AgentYaml {
  private static final String CODE = "DV506";
  private static final Duration SHORTEST_POLL = Duration.ofMillis(500);
  private static final String NAME = "[a-z][a-z0-9-]{0,62}";
  private static final String ACCOUNT = "[a-z_][a-z0-9_-]{0,31}";

  private AgentYaml() {}

  /** The file's settings; the defaults when there is no file. */
  static AgentConfig read(Layout layout) throws IOException {
    if (!Files.exists(layout.config())) {
      return read(
          YamlFields.parse(layout.config().toString(), "poll: 30s\n", new Findings()),
          new Findings(),
          layout);
    }
    return new YamlFile(
            layout.config(),
            CODE,
            "the agent's settings cannot be read",
            "Make it readable, or remove it and run `dvault-agent enroll` again to write the default, which "
                + "allows nothing.")
        .read((fields, findings) -> read(fields, findings, layout));
  }

  private static AgentConfig read(Fields fields, Findings findings, Layout layout) {
    Optional<Path> root = root(fields);
    Duration poll = fields.findDuration("poll").orElse(Duration.ofSeconds(30));
    if (poll.compareTo(SHORTEST_POLL) < 0) {
      fields.error("poll", CODE, "poll too short", "Look once a second at most: poll: 1s.");
    }
    List<String> rpc = rpc(fields);
    Optional<Integer> quorum = fields.has("quorum")
        ? Optional.of(
            (int) fields.integer("quorum", 1, 1, Math.max(1, rpc.isEmpty() ? 16 : rpc.size())))
        : Optional.empty();
    Layout device = new Layout(layout.root(), root.orElse(layout.root()));
    DeviceAllowlist bounds = new DeviceAllowlist(
        folders(fields, device),
        actions(fields.map("actions"), findings),
        accounts(fields.map("accounts")));
    String end =
        fields.map("sessions").choice("end", "auth-info", List.of("auth-info", "account", "never"));
    Fields events = fields.map("events");
    Optional<List<URI>> from = events.has("from") ? Optional.of(sockets(events)) : Optional.empty();
    Duration eventsPoll = events.findDuration("poll").orElse(poll);
    if (eventsPoll.compareTo(poll) < 0) {
      events.error(
          "poll",
          CODE,
          "poll shorter than without events",
          "It is " + events.findString("poll").orElse("")
              + ", and the agent looks that often without events already. Leave it out, or make it longer.");
    }
    return new AgentConfig(
        root,
        poll,
        from,
        eventsPoll,
        rpc,
        quorum,
        gateways(fields),
        bounds,
        SessionEnd.valueOf(end.replace('-', '_').toUpperCase(Locale.ROOT)),
        sinks(fields.maps("receipts")));
  }

  private static Optional<Path> root(Fields fields) {
    Optional<Path> root = fields.findString("root").flatMap(text -> absolute(fields, "root", text));
    if (root.isPresent() && !Files.isDirectory(root.get())) {
      fields.error("root", CODE, "root is no folder", "There is no folder " + root.get() + ".");
    }
    return root;
  }

  private static Optional<Path> absolute(Fields fields, String key, String text) {
    if (text.startsWith("/") && text.indexOf('\0') < 0) {
      return Optional.of(Path.of(text));
    }
    fields.error(key, CODE, key + " is not absolute", "Name a path that starts with /.");
    return Optional.empty();
  }

  private static List<String> rpc(Fields fields) {
    List<String> rpc = fields.strings("rpc");
    try {
      if (!rpc.isEmpty()) {
        EndpointSettings.parse(rpc, 1);
      }
    } catch (LedgerException e) {
      fields.errorWithoutSource("rpc", CODE, "not RPC endpoints", capital(e.getMessage()));
    }
    return rpc;
  }

  private static List<URI> sockets(Fields events) {
    try {
      return EndpointSettings.parseSockets(events.strings("from"));
    } catch (LedgerException e) {
      events.errorWithoutSource("from", CODE, "not WebSocket endpoints", capital(e.getMessage()));
      return List.of();
    }
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static List<String> folders(Fields fields, Layout layout) {
    List<String> folders = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (String folder : fields.strings("folders")) {
      Optional<String> why = whyNot(folder, folders, layout);
      why.ifPresentOrElse(
          text -> refused.add("\"" + folder + "\": " + text), () -> folders.add(folder));
    }
    if (!refused.isEmpty()) {
      fields.error("folders", CODE, "folder cannot be managed", refused.toArray(String[]::new));
    }
    return folders;
  }

  private static Optional<String> whyNot(String folder, List<String> others, Layout layout) {
    if (!DeviceAllowlist.isPlainPath(folder)) {
      return Optional.of(
          "write an absolute path without \"..\", doubled or trailing slashes, or special characters.");
    }
    Path path = layout.onDevice(folder);
    for (Path own : List.of(layout.state(), layout.config().getParent())) {
      if (path.startsWith(own) || own.startsWith(path)) {
        return Optional.of("the agent's own files are there.");
      }
    }
    return others.stream()
        .filter(other -> folder.equals(other)
            || folder.startsWith(other + "/")
            || other.startsWith(folder + "/"))
        .findFirst()
        .map(other -> "it overlaps with " + other + ".");
  }

  private static Map<String, Action> actions(Fields fields, Findings findings) {
    Map<String, Action> actions = new LinkedHashMap<>();
    for (String name : fields.keys()) {
      if (!name.matches(NAME)) {
        fields.error(
            name, CODE, "not an action name", "Use lower-case letters, digits and -: reload-sshd.");
      }
      int before = findings.count();
      Fields action = fields.map(name);
      List<String> run = action.strings("run");
      if (run.isEmpty() && findings.count() == before) {
        action.error(
            "run",
            CODE,
            "action runs nothing",
            "Write the program and its arguments: run: [systemctl, reload, ssh].");
      }
      Duration timeout = action.findDuration("timeout").orElse(Duration.ofSeconds(30));
      actions.put(name, new Action(action.strings("check"), run, action.strings("probe"), timeout));
    }
    return actions;
  }

  private static Map<String, String> accounts(Fields fields) {
    Map<String, String> accounts = new LinkedHashMap<>();
    for (String name : fields.keys()) {
      String path = fields.map(name).requireString("authorizedKeys");
      if (!name.matches(ACCOUNT)) {
        fields.error(
            name, CODE, "not an account name", "\"" + name + "\" has letters that no account has.");
      } else if (!path.isEmpty() && !DeviceAllowlist.isPlainPath(path)) {
        fields
            .map(name)
            .error(
                "authorizedKeys",
                CODE,
                "not a plain absolute path",
                "Write it as /home/ops/.ssh/authorized_keys.");
      } else {
        accounts.put(name, path);
      }
    }
    return accounts;
  }

  private static List<URI> gateways(Fields fields) {
    List<URI> gateways = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (String text : fields.strings("gateways")) {
      try {
        gateways.add(GatewayUrl.parse(text));
      } catch (DiagnosticException e) {
        refused.add(e.diagnostics().getFirst().detail().getFirst());
      }
    }
    if (!refused.isEmpty()) {
      fields.error("gateways", CODE, "not a gateway", refused.toArray(String[]::new));
    }
    return gateways;
  }

  private static List<Sink> sinks(List<Fields> all) {
    List<Sink> sinks = new ArrayList<>();
    for (Fields sink : all) {
      Optional<String> file = sink.findString("file");
      Optional<String> http = sink.findString("http");
      if (file.isPresent() == http.isPresent()) {
        sink.error(
            "file",
            CODE,
            "a sink is a file or an http URL",
            "Write {file: /path} or {http: \"https://…\"}.");
      } else if (file.isPresent()) {
        absolute(sink, "file", file.get()).ifPresent(path -> sinks.add(new Sink.File(path)));
      } else {
        url(sink, http.get()).ifPresent(url -> sinks.add(new Sink.Http(url)));
      }
    }
    return sinks;
  }

  private static Optional<URI> url(Fields sink, String text) {
    try {
      URI url = new URI(text);
      if (url.getHost() != null && text.matches("https?://.*")) {
        return Optional.of(url);
      }
      sink.error("http", CODE, "not an http URL", "Write https://host/path.");
    } catch (URISyntaxException e) {
      sink.error("http", CODE, "not a URL", "Write https://host/path.");
    }
    return Optional.empty();
  }
}
