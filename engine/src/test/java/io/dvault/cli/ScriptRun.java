package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.dvault.agent.Main;
import io.dvault.bundle.AgeFile;
import io.dvault.bundle.Identity;
import io.dvault.bundle.Recipient;
import io.dvault.cli.view.CommandContext;
import io.dvault.cli.view.Terminal;
import io.dvault.config.TestVault;
import io.dvault.crypto.Ed25519Key;
import io.dvault.model.Durations;
import io.dvault.model.VaultId;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a {@link Script} in one folder, in this JVM. Its steps that are no commands:
 *
 * <pre>
 * devnet                         a chain and a gateway on free ports
 * git WORDS
 * device NAME [LABEL=VALUE …]    an enrolled device's YAML
 * agent NAME [LABEL=VALUE …]     a real agent, enrolled here, that may write /etc/keys and puts
 * receipts into .dvault/receipts
 * allow NAME FOLDER              what that agent may write to from now on
 * look NAME …                    these agents look again and again from now on
 * devices PREFIX COUNT [LABEL=VALUE …]
 * anchor PATH                    of a chain that does not answer
 * serve NAME STATUS BODY         a web server whose every answer is that; ${NAME} is its URL
 * secret NAME=VALUE              environment; a canary, which nothing may show
 * seal PATH VALUE                an age file for the admin of vault.yaml; VALUE is a canary
 * hide PATH VALUE                a file beside the vault's folder; VALUE is a canary
 * watch                          the command lines of all processes, for canaries
 * installed NAME PATH VALUE      on that agent's device, readable by its owner alone
 * environment NAME=VALUE
 * stop                           the clock
 * later DURATION                 it goes on from there
 * remove PATH · erase FOLDER     erase: all in it
 * append PATH LINE · replace PATH TEXT => TEXT · chmod rwx------ PATH
 * exists PATH · missing PATH · identical FILE FILE
 * save PATH                      the last output, into a file
 * capture NAME REGEX             out of the last output
 * keep NAME · same NAME          the last output
 * </pre>
 */
public final class ScriptRun implements AutoCloseable {
  private static final Pattern SECRET = Pattern.compile(
      "-----BEGIN [A-Z ]*PRIVATE KEY|AGE-SECRET-KEY-|ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

  /** Issues one entry, SshKey/robot@drone-1. */
  static final String ONE_KEY = """
      apiVersion: dvault.io/v1
      kind: SshKey
      metadata: {name: robot}
      spec: {devices: {names: [drone-1]}, ttl: 7d, install: {path: /etc/robot}}
      """;

  /** Issues one entry on each device that has the label role: drone. */
  static final String HOST_CERTIFICATE = """
      apiVersion: dvault.io/v1
      kind: SshCertificate
      metadata: {name: sshd-host}
      spec:
        authority: fleet-ssh
        type: host
        devices: {selector: {role: drone}}
        principals: ["{device}.fleet.example"]
        ttl: 7d
        install: {path: /etc/ssh/dvault, action: reload-sshd}
      """;

  /** Of a chain that does not answer. */
  private static final String ANCHOR = """
      apiVersion: dvault.io/v1
      kind: Anchor
      metadata: {name: fleet}
      spec:
        vault: "0xdb1ea3cc796c31f4edb3f98382fe2273b041594a30d3d9d9505e0a76b4bfccf8"
        chain:
          id: 31337
          contract: "0x5fbdb2315678afecb367f032d93f642f64180aa3"
          codeHash: "0x5b86b35a36d37c890869deb6c6be755b8c4629786565c2460a9c9c5e36cdae62"
          rpc: ["http://127.0.0.1:1"]
        gateways: ["http://127.0.0.1:1"]
        governance:
          version: 1
          threshold: 1
          approvers: ["0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"]
          unfreezeDelay: 1d
      """;

  private final Path folder;
  private final ScriptAgents agents;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Canaries canaries = new Canaries();
  private final StringBuilder allOutput = new StringBuilder();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final SecureRandom random = new SecureRandom();
  private final List<HttpServer> servers = new ArrayList<>();
  private Optional<TestDevnet> devnet = Optional.empty();
  private String output = "";
  private Clock clock = Clock.systemUTC();

  public ScriptRun(Path folder) {
    this.folder = folder;
    this.agents = new ScriptAgents(folder);
    environment.put("HOME", folder.resolve("home").toString());
    variables.put("HERE", folder.toString());
  }

  /** A vault on a devnet of its own, with the device drone-1 and one SshKey that nobody issued. */
  static ScriptRun withOneKey(Path folder) throws IOException, InterruptedException {
    ScriptRun run = new ScriptRun(folder);
    run.play("| devnet\n$ dvault init --devnet --name fleet\n...\n| device drone-1\n");
    Files.writeString(folder.resolve("keys.yaml"), ONE_KEY);
    return run;
  }

  /** Runs steps that are written out in a test. */
  public void play(String steps) throws IOException, InterruptedException {
    run(Script.parse("steps", steps));
  }

  void run(Script script) throws IOException, InterruptedException {
    runSteps(script);
    agents.close(); // nobody writes while every file is searched
    assertNothingSecretIsInTheClear(script.name());
  }

  /** The steps alone: agents that look go on, and nothing is searched. */
  void runSteps(Script script) throws IOException, InterruptedException {
    for (Script.Step step : script.steps()) {
      String where = script.name() + ":" + step.line();
      switch (step) {
        case Script.Step.Command command -> command(command, where);
        case Script.Step.Action action -> action(filled(action.words()), where);
        case Script.Step.File file -> {
          Path path = folder.resolve(file.path());
          Files.createDirectories(path.getParent());
          Files.writeString(path, filled(file.content()));
        }
      }
    }
  }

  /** Runs one command; what it printed is in {@link #output}. */
  public int dvault(List<String> input, String... arguments) {
    bytes.reset();
    int code = Dvault.run(context(input), arguments);
    output = bytes.toString(StandardCharsets.UTF_8);
    allOutput.append(output);
    return code;
  }

  private int agent(String... arguments) {
    bytes.reset();
    PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int code = Main.run(both, both, arguments);
    output = bytes.toString(StandardCharsets.UTF_8);
    allOutput.append(output);
    return code;
  }

  public CommandContext context(List<String> input) {
    PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new CommandContext(
        new Terminal(both, both, false, false, false, Terminal.DEFAULT_WIDTH),
        new BufferedReader(new StringReader(String.join("\n", input))),
        environment,
        folder,
        Optional.of(Path.of(System.getProperty("dvault.root"))),
        clock,
        random);
  }

  public void environment(String name, String value) {
    environment.put(name, value);
  }

  public String output() {
    return output;
  }

  private void enroll(List<String> words) throws IOException {
    assertEquals(0, dvault(List.of(), "anchor"), () -> output);
    String yaml = agents.enroll(output, words.getFirst(), words.subList(1, words.size()));
    Path file = folder.resolve("devices/" + words.getFirst() + ".yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, yaml);
  }

  private void command(Script.Step.Command command, String where) {
    List<String> words = words(filled(command.words()));
    String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
    int code = switch (words.getFirst()) {
      case "dvault" -> dvault(command.input(), arguments);
      case "dvault-agent" -> agent(arguments);
      default ->
        throw new IllegalArgumentException(where + ": no such command: " + words.getFirst());
    };
    if (Boolean.getBoolean("dvault.script.show")) {
      System.out.println("$ " + String.join(" ", words) + "\n" + output);
    }
    assertEquals(command.exitCode(), code, () -> where + ": exit code; it printed:\n" + output);
    Pattern expected = pattern(command.expected());
    assertTrue(
        expected
            .matcher(output.lines().map(String::stripTrailing).reduce("", (a, b) -> a + b + "\n"))
            .matches(),
        () -> where + ": expected\n" + String.join("\n", command.expected())
            + "\n--- but it printed\n" + output + "---");
  }

  private Pattern pattern(List<String> expected) {
    StringBuilder regex = new StringBuilder();
    for (String line : expected) {
      if (line.equals("...")) {
        regex.append("(?:.*\n)*?");
        continue;
      }
      String[] parts = filled(line).split("…", -1);
      List<String> quoted = Stream.of(parts).map(Pattern::quote).toList();
      regex.append(String.join(".*", quoted)).append("\n");
    }
    return Pattern.compile(regex + "\n*");
  }

  private void action(String words, String where) throws IOException, InterruptedException {
    String rest = words.contains(" ") ? words.substring(words.indexOf(' ') + 1).strip() : "";
    switch (words.split(" ", 2)[0]) {
      case "devnet" -> devnet = Optional.of(TestDevnet.start(folder));
      case "git" -> git(words(rest));
      case "device" -> device(words(rest));
      case "devices" -> devices(words(rest));
      case "anchor" -> Files.writeString(folder.resolve(rest), ANCHOR);
      case "chmod" ->
        Files.setPosixFilePermissions(
            folder.resolve(words(rest).getLast()),
            PosixFilePermissions.fromString(words(rest).getFirst()));
      case "serve" -> serve(rest.split(" ", 3));
      case "append" ->
        Files.writeString(
            folder.resolve(rest.substring(0, rest.indexOf(' '))),
            rest.substring(rest.indexOf(' ') + 1) + "\n",
            StandardOpenOption.APPEND);
      case "remove" -> Files.delete(folder.resolve(rest));
      case "replace" -> replace(rest, where);
      case "capture" -> capture(rest, where);
      case "secret" -> {
        environment.put(
            rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1));
        canaries.add(rest.substring(rest.indexOf('=') + 1));
      }
      case "link" -> {
        Path link = folder.resolve(rest.split(" ")[0]);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of(rest.split(" ")[1]));
      }
      case "environment" ->
        environment.put(
            rest.substring(0, rest.indexOf('=')), rest.substring(rest.indexOf('=') + 1));
      case "seal" -> seal(rest);
      case "hide" -> hide(rest.split(" ", 2));
      case "watch" -> canaries.watchProcesses();
      case "installed" -> installed(rest.split(" ", 3), where);
      case "erase" -> erase(folder.resolve(rest).normalize());
      case "stop" -> clock = Clock.fixed(clock.instant(), ZoneOffset.UTC);
      case "save" -> Files.writeString(folder.resolve(rest), output);
      case "agent" -> enroll(words(rest));
      case "allow" -> agents.allow(rest.split(" ", 2)[0], rest.split(" ", 2)[1]);
      case "look" -> words(rest).forEach(agents::look);
      case "later" -> clock = Clock.offset(clock, Durations.parse(rest).orElseThrow());
      case "keep" -> variables.put(rest, output);
      case "same" ->
        assertEquals(variables.get(rest), output, where + ": not what " + rest + " was");
      case "identical" -> {
        List<String> files = words(rest);
        assertEquals(
            -1,
            Files.mismatch(folder.resolve(files.getFirst()), folder.resolve(files.getLast())),
            where);
      }
      case "exists" ->
        assertTrue(Files.exists(folder.resolve(rest)), where + ": " + rest + " is missing");
      case "missing" ->
        assertFalse(Files.exists(folder.resolve(rest)), where + ": " + rest + " is there");
      default -> throw new IllegalArgumentException(where + ": unknown step " + words);
    }
  }

  private void git(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(
        "git",
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "init.defaultBranch=main"));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_SYSTEM", "/dev/null"));
    Process process = builder.start();
    output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(
        process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0,
        () -> "git " + words + ": " + output);
  }

  /** {@code drone-1} to {@code drone-30}. */
  private void devices(List<String> words) throws IOException {
    for (int i = 1; i <= Integer.parseInt(words.get(1)); i++) {
      List<String> one = new ArrayList<>(List.of(words.getFirst() + "-" + i));
      one.addAll(words.subList(2, words.size()));
      device(one);
    }
  }

  /** A device as {@code dvault-agent enroll} would print it; returns the key that signs its receipts. */
  Ed25519Key device(List<String> words) throws IOException {
    String vault = Files.readString(folder.resolve("vault.yaml"));
    Matcher id = Pattern.compile("\n  id: \"(0x[0-9a-f]{64})\"").matcher(vault);
    assertTrue(id.find(), vault);
    Ed25519Key signer = Ed25519Key.generate(random);
    try (Identity identity = Identity.generate(random)) {
      String labels = words.stream()
          .skip(1)
          .map(word -> word.replace("=", ": "))
          .collect(Collectors.joining(", "));
      Path file = folder.resolve("devices/" + words.getFirst() + ".yaml");
      Files.createDirectories(file.getParent());
      Files.writeString(
          file,
          TestVault.deviceYaml(
              words.getFirst(), labels, identity, VaultId.parse(id.group(1)), signer));
    }
    return signer;
  }

  /**
   * A server that is not what it is taken for: every answer is this one. Words: name of its URL's
   * variable, status, body.
   */
  private void serve(String... words) throws IOException {
    byte[] body = words[2].getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      try (exchange) {
        exchange.getRequestBody().readAllBytes();
        exchange
            .getResponseHeaders()
            .add("Content-Type", words[2].startsWith("{") ? "application/json" : "text/html");
        exchange.sendResponseHeaders(Integer.parseInt(words[1]), body.length);
        exchange.getResponseBody().write(body);
      }
    });
    server.start();
    servers.add(server);
    variables.put(words[0], "http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** {@code PATH VALUE}: an age file for the admin of vault.yaml; the value is a canary. */
  private void seal(String words) throws IOException {
    String[] parts = words.split(" ", 2);
    Matcher recipient = Pattern.compile("recipient: (age1\\S+?)\\}")
        .matcher(Files.readString(folder.resolve("vault.yaml")));
    assertTrue(recipient.find());
    byte[] sealed = AgeFile.seal(
        List.of(Recipient.parse(recipient.group(1))),
        parts[1].getBytes(StandardCharsets.UTF_8),
        random);
    Files.createDirectories(folder.resolve(parts[0]).getParent());
    Files.write(folder.resolve(parts[0]), sealed);
    canaries.add(parts[1]);
  }

  private void hide(String[] words) throws IOException {
    Path file = folder.resolveSibling("hidden").resolve(words[0]);
    Files.createDirectories(file.getParent());
    Files.writeString(file, words[1]);
    canaries.add(words[1]);
  }

  /** That a secret did arrive: else a search that finds it nowhere else would show nothing. */
  private void installed(String[] words, String where) throws IOException {
    Path file = folder.resolveSibling("roots").resolve(words[0]).resolve(words[1]);
    assertEquals(words[2], Files.readString(file), where);
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), where);
  }

  private static void erase(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      for (Path each : files
          .filter(file -> !file.equals(below))
          .sorted(Comparator.reverseOrder())
          .toList()) {
        Files.delete(each);
      }
    }
  }

  private void replace(String words, String where) throws IOException {
    String[] parts = words.split(" ", 2);
    String[] texts = parts[1].split(" => ", 2);
    Path file = folder.resolve(parts[0]);
    String before = Files.readString(file);
    assertTrue(before.contains(texts[0]), where + ": \"" + texts[0] + "\" is not in\n" + before);
    Files.writeString(file, before.replace(texts[0], texts[1]));
  }

  private void capture(String words, String where) {
    String[] parts = words.split(" ", 2);
    Matcher matcher = Pattern.compile(parts[1]).matcher(output);
    assertTrue(matcher.find(), () -> where + ": " + parts[1] + " is not in\n" + output);
    variables.put(parts[0], matcher.group(matcher.groupCount()));
  }

  private String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      filled = filled.replace("${" + variable.getKey() + "}", variable.getValue());
    }
    return filled;
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return words;
  }

  /**
   * docs/threat-model.md T27, basic: no private key or canary in anything printed, nor in any file
   * but the identities of the admin and of devices.
   */
  private void assertNothingSecretIsInTheClear(String name)
      throws IOException, InterruptedException {
    assertFalse(isSecret(allOutput.toString()), name + ": a secret was printed");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(Files::isRegularFile).filter(f -> !isIdentity(f)).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(isSecret(text), () -> name + ": a secret lies in " + folder.relativize(file));
      }
    }
    assertEquals(
        Set.of(), canaries.placesIn(folder), name + ": a canary lies in the vault's folder");
    assertEquals(
        Set.of(), canaries.seenInProcesses(), name + ": a canary stands in a command line");
    Path roots = folder.resolveSibling("roots");
    if (Files.isDirectory(roots)) {
      Set<String> elsewhere = canaries.placesIn(roots);
      elsewhere.removeIf(
          place -> place.contains("/etc/keys/") || place.contains("/var/lib/dvault/generations/"));
      assertEquals(
          Set.of(), elsewhere, name + ": a canary lies on a device outside of what is installed");
    }
  }

  private static boolean isIdentity(Path file) {
    return file.endsWith("identity.txt") || file.endsWith("var/lib/dvault/identity");
  }

  private boolean isSecret(String text) {
    return SECRET.matcher(text).find() || canaries.isIn(text);
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    agents.close();
    canaries.close();
    devnet.ifPresent(TestDevnet::close);
  }
}
