package io.dvault.install;

import io.dvault.install.Manifest.EndedKey;
import io.dvault.log.StructuredLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds and ends sessions of OpenSSH's sshd by the key that opened them. With {@code ExposeAuthInfo
 * yes}, sshd writes the
 * key into a file and puts its name, SSH_USER_AUTH, into the environment of the session's first program. Only that
 * program, a direct child of a session's sshd, is believed: sshd makes its environment from nothing, while anything
 * deeper (even an sshd that was restarted from within a session) may have inherited it.
 */
public final class SshSessions implements Sessions {
  private static final Duration GRACE = Duration.ofSeconds(2);
  private static final int MAX_AUTH_FILE = 1 << 16;
  private static final int MAX_ENVIRONMENT = 1 << 20;

  private final Path proc;
  private final Function<String, Set<String>> users;
  private final boolean wholeAccount;
  private final StructuredLog log;

  /**
   * @param proc the proc file system
   * @param users the system's users that an account of agent.yaml logs in as, usually the one of that name
   * @param wholeAccount ends every session of the account, whichever key opened it
   */
  public SshSessions(
      Path proc, Function<String, Set<String>> users, boolean wholeAccount, StructuredLog log) {
    this.proc = proc;
    this.users = users;
    this.wholeAccount = wholeAccount;
    this.log = log;
  }

  /** @param isSshd by name, and by a program file that belongs to root: a copy of a shell under that name is none */
  private record Process(long pid, boolean isSshd, long parent) {}

  /** A session: its sshd, and the programs that this sshd started. */
  private record Session(Process sshd, List<Process> programs) {}

  private enum Match {
    YES,
    NO,
    UNKNOWN
  }

  @Override
  public List<Problem> end(List<EndedKey> ended) {
    if (ended.isEmpty()) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    try {
      List<Session> sessions = sessions();
      for (EndedKey key : ended) {
        for (Session session : sessions) {
          end(session, key, problems);
        }
      }
    } catch (IOException e) {
      problems.add(Problem.of("DV554", "sessions", "cannot look for live sessions: " + e));
    }
    return problems;
  }

  private void end(Session session, EndedKey key, List<Problem> problems) {
    switch (match(session, key)) {
      case YES -> kill(session, key.account());
      case UNKNOWN ->
        problems.add(Problem.of(
            "DV554",
            key.account(),
            "a live session (process " + session.sshd().pid()
                + ") may be of a key that ended; sshd needs ExposeAuthInfo yes to tell"));
      case NO -> {}
    }
  }

  private Match match(Session session, EndedKey key) {
    Set<String> logins = users.apply(key.account());
    boolean ofAccount = session.programs().stream()
        .anyMatch(program -> owner(program).filter(logins::contains).isPresent());
    if (!ofAccount) {
      return Match.NO;
    }
    if (wholeAccount) {
      return Match.YES;
    }
    Match best = Match.UNKNOWN;
    for (Process program : session.programs()) {
      Optional<String> file = environment(program, "SSH_USER_AUTH");
      if (file.isPresent()) {
        Match one = authenticatedBy(Path.of(file.get()), key.key());
        if (one == Match.YES) {
          return one;
        }
        best = one;
      }
    }
    return best;
  }

  /** A file that is gone while its session lives was removed by the session: that counts as ours to end. */
  private static Match authenticatedBy(Path file, String key) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_AUTH_FILE) {
        return Match.YES;
      }
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      boolean names =
          text.lines().anyMatch(line -> (line + " ").startsWith("publickey " + key + " "));
      return names ? Match.YES : Match.NO;
    } catch (IOException e) {
      return Match.YES;
    }
  }

  private void kill(Session session, String account) {
    Optional<ProcessHandle> sshd = ProcessHandle.of(session.sshd().pid());
    if (sshd.isEmpty()) {
      return;
    }
    List<ProcessHandle> all = Stream.concat(sshd.get().descendants(), sshd.stream())
        .filter(ProcessHandle::isAlive)
        .toList();
    log.info(
        "end-session",
        "account",
        account,
        "process",
        session.sshd().pid(),
        "processes",
        all.size());
    all.forEach(ProcessHandle::destroy);
    CompletableFuture<?> exits = CompletableFuture.allOf(
        all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    try {
      exits.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      all.forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for an exit cannot fail", e);
    }
  }

  /** Every sshd process whose parent is an sshd too, with its children that are not: listeners have no such parent. */
  private List<Session> sessions() throws IOException {
    Map<Long, Process> processes = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path each : all) {
        read(each).ifPresent(process -> processes.put(process.pid(), process));
      }
    }
    List<Session> sessions = new ArrayList<>();
    for (Process sshd : processes.values()) {
      boolean ofSession = sshd.isSshd()
          && processes.containsKey(sshd.parent())
          && processes.get(sshd.parent()).isSshd();
      List<Process> programs = ofSession
          ? processes.values().stream()
              .filter(each -> each.parent() == sshd.pid() && !each.isSshd())
              .toList()
          : List.of();
      if (!programs.isEmpty()) {
        sessions.add(new Session(sshd, programs));
      }
    }
    return sessions;
  }

  private static Optional<Process> read(Path folder) {
    try {
      String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
      int open = stat.indexOf('(');
      int close = stat.lastIndexOf(')'); // the name may hold both
      String[] rest = stat.substring(close + 2).split(" ");
      String name = stat.substring(open + 1, close);
      boolean sshd = (name.equals("sshd") || name.equals("sshd-session"))
          && Integer.valueOf(0).equals(Files.getAttribute(folder.resolve("exe"), "unix:uid"));
      return Optional.of(new Process(
          Long.parseLong(folder.getFileName().toString()), sshd, Long.parseLong(rest[1])));
    } catch (IOException e) {
      return Optional.empty(); // it ended meanwhile
    }
  }

  private Optional<String> owner(Process process) {
    try {
      return Optional.of(
          Files.getOwner(proc.resolve(Long.toString(process.pid()))).getName());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<String> environment(Process process, String variable) {
    try (var in = Files.newInputStream(proc.resolve(process.pid() + "/environ"))) {
      String all = new String(in.readNBytes(MAX_ENVIRONMENT), StandardCharsets.UTF_8);
      return Stream.of(all.split("\0"))
          .filter(each -> each.startsWith(variable + "="))
          .map(each -> each.substring(variable.length() + 1))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
