package io.dvault.demo;

import io.dvault.demo.SshPeer.ClientFiles;
import io.dvault.demo.SshPeer.Login;
import io.dvault.demo.SshPeer.Server;
import io.dvault.demo.SshPeer.ServerFiles;
import io.dvault.demo.SshPeer.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo itself, act by act. Each act does something through dVault and looks for it with somebody else's eyes. */
final class DemoScript {
  private static final Duration ARRIVES = Duration.ofSeconds(15);
  private static final String GRANT_TTL = "20s";
  private static final Duration GRANT_ENDS = Duration.ofSeconds(30);

  private final Stage stage;
  private final SshPeer ssh;
  private final Screen screen;
  private final List<String> agentCommand;
  private final Props props;
  private final List<AgentProcess> drones = new ArrayList<>();
  private final List<Server> servers = new ArrayList<>();
  private FlippingGateway flipping;

  DemoScript(Stage stage, SshPeer ssh, Screen screen, List<String> agentCommand) {
    this.stage = stage;
    this.ssh = ssh;
    this.screen = screen;
    this.agentCommand = agentCommand;
    this.props = new Props(stage);
  }

  void play() throws IOException {
    setTheScene();
    enrollDrones();
    firstApply();
    nobodyIsIn();
    fiveMinuteAccess();
    revokedWhileIn();
    oneFlippedByte();
  }

  private void setTheScene() throws IOException {
    Files.createDirectories(stage.vault());
    DevnetProcess devnet = stage.startDevnet();
    screen.progress("chain", devnet.chain() + ", contract at " + devnet.contract());
    flipping = stage.keep(new FlippingGateway(devnet.gateway()));
    screen.progress(
        "blocks",
        "gateway at " + devnet.gateway() + ", and a second one that will corrupt a block");
    String said = stage.dvault("init", "--devnet", "--name", "fleet");
    screen.progress("vault", firstLine(said));
    props.lookEverySecond();
  }

  private void enrollDrones() throws IOException {
    Path anchor = Files.writeString(stage.folder().resolve("anchor.yaml"), stage.dvault("anchor"));
    for (String name : List.of("drone-1", "drone-2", "drone-3")) {
      AgentProcess drone =
          stage.keep(new AgentProcess(agentCommand, name, stage.folder().resolve(name)));
      props.writeAgentYaml(drone, flipping.url());
      props.write("devices/" + name + ".yaml", drone.enroll(anchor));
      drones.add(drone);
    }
    screen.progress(
        "devices", "3 drones enrolled, each with its own identity (ML-KEM-768 + X25519)");
  }

  private void firstApply() throws IOException {
    props.writeSecrets();
    stage.dvault("authority", "create", "fleet-ssh");
    screen.progress("apply", lastLine(stage.dvault("apply", "-auto-approve")));
    long started = System.nanoTime();
    for (AgentProcess drone : drones) {
      drone.start();
    }
    for (AgentProcess drone : drones) {
      Waiting.until(
          "host key on " + drone.device() + alsoLog(drone),
          ARRIVES,
          () -> Files.exists(Path.of(drone.hostKey() + "-cert.pub"))
              ? Optional.of(true)
              : Optional.empty());
    }
    screen.seen(
        "3 drones install their host certificates",
        "key, .pub and -cert.pub in /etc/ssh/dvault of each",
        since(started));
    for (AgentProcess drone : drones) {
      servers.add(stage.keep(ssh.start(
          new ServerFiles(drone.device(), drone.hostKey(), drone.authorizedKeys(), drone.root()))));
    }
    screen.progress(
        "sshd", ssh.version() + " on each drone, with a host certificate from fleet-ssh");
  }

  private void nobodyIsIn() throws IOException {
    props.makeAlice(ssh);
    long started = System.nanoTime();
    Login login = login(1);
    expect(!login.entered(), "alice got into drone-2 without a grant");
    screen.seen("alice is kept out of drone-2", "ssh: " + login.words(), since(started));
  }

  private void fiveMinuteAccess() throws IOException {
    long started = System.nanoTime();
    String said = grant("alice", GRANT_TTL, "drone-2");
    screen.seen("a grant of 20 s is committed", committed(said), since(started));
    started = System.nanoTime();
    String line = awaitLine(1);
    screen.seen("drone-2 installs it", line, since(started));
    started = System.nanoTime();
    Login login = login(1);
    expect(login.entered(), "alice could not get into drone-2 with a grant: " + login.words());
    screen.seen("alice logs in", ssh.version() + ", " + login.words(), since(started));
    started = System.nanoTime();
    Login after = Waiting.until(
        "end of the grant",
        GRANT_ENDS,
        () -> Optional.of(login(1))
            .filter(each -> !each.entered() && each.words().contains("Permission denied")));
    screen.seen("it ends by itself", "ssh: " + after.words(), since(started));
    awaitNoLine(1);
    screen.seen(
        "and its key line is removed",
        "authorized_keys of drone-2 has its original content",
        since(started));
  }

  private void revokedWhileIn() throws IOException {
    grant("alice-again", "5m", "drone-2");
    awaitLine(1);
    try (Session session = ssh.open(servers.get(1), alice())) {
      expect(session.isOpen(), "alice's session on drone-2 did not stay open");
      long started = System.nanoTime();
      stage.dvault("revoke", "Grant/alice-again@drone-2", "--reason", "demo", "-auto-approve");
      expect(
          session.awaitEnd(ARRIVES),
          "the revoke did not end alice's session" + alsoLog(drones.get(1)));
      screen.seen("a revoke ends a live session", "connection closed by drone-2", since(started));
    }
  }

  /** Every drone is granted something, for each may prefer either gateway by now; whoever asked the lying one tells. */
  private void oneFlippedByte() throws IOException {
    flipping.arm();
    grant("alice-everywhere", "5m", "drone-1", "drone-2", "drone-3");
    long started = System.nanoTime();
    for (int drone = 0; drone < drones.size(); drone++) {
      awaitLine(drone);
    }
    expect(flipping.flipped() > 0, "the corrupting gateway was never used");
    String refused =
        Waiting.until("word of the refused block" + alsoLog(drones.get(2)), ARRIVES, () -> {
          Optional<String> block = Optional.empty();
          for (AgentProcess drone : drones) {
            block = block.or(() -> mismatch(readLog(drone)));
          }
          return block;
        });
    screen.seen(
        "one flipped byte is refused",
        "block " + refused + ": hash mismatch, 2nd gateway used",
        since(started));
  }

  private static String readLog(AgentProcess drone) {
    try {
      return Files.readString(drone.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> mismatch(String log) {
    Matcher matcher = Pattern.compile(
            "(baf[a-z0-9]{56})[^\\n]*hash mismatch|hash mismatch[^\\n]*?(baf[a-z0-9]{56})")
        .matcher(log);
    return matcher.find()
        ? Optional.of(
            (matcher.group(1) == null ? matcher.group(2) : matcher.group(1)).substring(0, 8) + "…")
        : Optional.empty();
  }

  private String grant(String name, String ttl, String... devices) {
    List<String> words = new ArrayList<>(List.of(
        "grant",
        name,
        "--ttl",
        ttl,
        "--key",
        props.alicePublicKey().toString(),
        "--account",
        "ops",
        "--reason",
        "demo",
        "-auto-approve"));
    for (String device : devices) {
      words.addAll(List.of("--device", device));
    }
    return stage.dvault(words.toArray(String[]::new));
  }

  private Login login(int drone) throws IOException {
    return ssh.login(servers.get(drone), alice(drone));
  }

  private ClientFiles alice() throws IOException {
    return alice(1);
  }

  private ClientFiles alice(int drone) throws IOException {
    String host = drones.get(drone).device() + ".fleet.example";
    return new ClientFiles(props.alicePrivateKey(), props.knownHosts(drones), host);
  }

  /** Waits for alice's line, and says which it is and until when it lets in. */
  private String awaitLine(int drone) throws IOException {
    AgentProcess agent = drones.get(drone);
    return Waiting.until(
        "line for alice on " + agent.device() + alsoLog(agent), ARRIVES, () -> line(agent));
  }

  private static Optional<String> line(AgentProcess agent) throws IOException {
    if (!Files.exists(agent.authorizedKeys())) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(agent.authorizedKeys());
    for (int i = 0; i < lines.size(); i++) {
      Matcher expiry =
          Pattern.compile("expiry-time=\"\\d{8}(\\d\\d)(\\d\\d)(\\d\\d)Z?\"").matcher(lines.get(i));
      if (expiry.find()) {
        return Optional.of("authorized_keys:" + (i + 1) + ", expiry-time " + expiry.group(1) + ":"
            + expiry.group(2) + ":" + expiry.group(3) + "Z");
      }
    }
    return Optional.empty();
  }

  private void awaitNoLine(int drone) throws IOException {
    AgentProcess agent = drones.get(drone);
    Waiting.until(
        "clean authorized_keys on " + agent.device() + alsoLog(agent),
        ARRIVES,
        () -> line(agent).isEmpty() ? Optional.of(true) : Optional.empty());
  }

  private static String alsoLog(AgentProcess agent) {
    return " (its log: " + agent.log() + ")";
  }

  private static String committed(String said) {
    Matcher matcher =
        Pattern.compile("epoch (\\d+), block ([\\d,]+), ([\\d,]+) gas").matcher(said);
    return matcher.find() ? matcher.group() : lastLine(said);
  }

  private static String firstLine(String text) {
    return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
  }

  private static String lastLine(String text) {
    return text.lines()
        .filter(line -> !line.isBlank())
        .reduce("", (first, second) -> second)
        .strip();
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private static void expect(boolean seen, String otherwise) {
    if (!seen) {
      throw new DemoFailure(otherwise);
    }
  }
}
