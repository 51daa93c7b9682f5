package io.dvault.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/gitops}: the README played as written, and every step of both pipeline files run as written, with
 * anvil, git and a bare repository as origin. The commands that would talk to the service ({@code gh}, {@code glab})
 * are stubs that keep what they were given.
 */
@Tag("E2")
@Tag("peer:ssh-keygen")
@Timeout(300)
class GitopsExampleTest {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("dvault.root", "..")).resolve("examples/gitops");
  /** Key 3 of every anvil: it has money, and no right in the vault. */
  private static final String GAS_KEY =
      "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6";

  private static final String BY_HAND = "## What the pipeline does, by hand";

  @TempDir
  Path scratch;

  private Path folder;
  private ConsoleDocument readme;
  private ConsoleSession session;

  @BeforeEach
  void copy() throws IOException {
    folder = scratch.resolve("fleet");
    try (Stream<Path> files = Files.walk(EXAMPLE)) {
      for (Path file : files.toList()) {
        Path to = folder.resolve(EXAMPLE.relativize(file).toString());
        Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    readme = ConsoleDocument.read(folder.resolve("README.md"));
    session = new ConsoleSession(
        folder,
        Files.createDirectory(scratch.resolve("session")),
        Map.of(
            "GIT_CONFIG_GLOBAL",
            "/dev/null",
            "GIT_CONFIG_SYSTEM",
            "/dev/null",
            "GIT_CONFIG_COUNT",
            "2",
            "GIT_CONFIG_KEY_0",
            "user.name",
            "GIT_CONFIG_VALUE_0",
            "t",
            "GIT_CONFIG_KEY_1",
            "user.email",
            "GIT_CONFIG_VALUE_1",
            "t@example.org"));
  }

  @AfterEach
  void end() {
    session.close();
  }

  @Test
  @Tag("slow")
  void readme_isTrue() throws IOException {
    assertTrue(readme.steps().size() > 20, "the README has commands");
    session.play(readme);
  }

  /** Everything up to the first push, as the README has it. */
  private void start() throws IOException {
    int end = Files.readAllLines(folder.resolve("README.md")).indexOf(BY_HAND);
    assertTrue(end > 0, "the README has no chapter \"" + BY_HAND + "\"");
    session.play(new ConsoleDocument(
        readme.file(), readme.steps().stream().filter(step -> step.line() < end).toList()));
    for (String service : List.of("gh", "glab")) {
      session.stub(
          service,
          "for word; do printf '%s\\n' \"$word\"; done >> '" + said() + "'\n"
              + "for word; do [ ! -f \"$word\" ] || cat \"$word\" >> '" + said() + "'; done");
    }
  }

  private Path said() {
    return scratch.resolve("said");
  }

  /** What the service was told since the last time. */
  private String told() throws IOException {
    String text = Files.exists(said()) ? Files.readString(said()) : "";
    Files.deleteIfExists(said());
    return text;
  }

  private String git(String words) throws IOException {
    return session.bash("git " + words, folder, Map.of(), 0).strip();
  }

  /** A fresh clone, as a runner makes it. */
  private Path clone(String name, String revision) throws IOException {
    git("clone -q ../origin.git ../" + name);
    Path clone = scratch.resolve(name);
    session.bash("git checkout -q " + revision, clone, Map.of(), 0);
    return clone;
  }

  /** A change on a branch, pushed; returns its commit. */
  private String pullRequest() throws IOException {
    session.bash(
        "git checkout -q -b longer && sed -i 's/ttl: 7d/ttl: 14d/' ssh/backup-key.yaml"
            + " && git commit -qam longer && git push -q origin longer",
        folder,
        Map.of(),
        0);
    return git("rev-parse HEAD");
  }

  private void approvedBy(String key, String branch) throws IOException {
    session.bash(
        "./approve " + branch + " -auto-approve", folder, Map.of("DVAULT_APPROVER", key), 0);
  }

  private String proposal() throws IOException {
    String refs = git("ls-remote --heads origin 'dvault/proposal-*'");
    assertEquals(1, refs.lines().count(), refs);
    return refs.replaceAll(".*refs/heads/", "");
  }

  @Test
  @Tag("slow")
  void github_stepsAsWritten_planProposeRelayAndRenew() throws IOException {
    start();
    Pipeline pipeline = Pipeline.read(EXAMPLE.resolve(".github/workflows/dvault.yml"));
    assertEquals(
        Map.of("contents", "read", "pull-requests", "write"), pipeline.githubPermissions("plan"));
    assertEquals(List.of(), pipeline.githubSecrets("plan"), "a plan needs no secret");
    for (String job : List.of("apply", "renew", "relay")) {
      assertEquals(List.of("GAS_KEY"), pipeline.githubSecrets(job));
    }

    String change = pullRequest();
    github(
        pipeline,
        "plan",
        clone("plan", change),
        Map.of("github.event.pull_request.head.sha", change));
    String comment = told();
    assertTrue(comment.startsWith("pr\ncomment\n7\n--body-file\nplan.md\n"), comment);
    assertTrue(comment.contains("### Plan: 2 to issue, 0 to rotate, 0 to revoke."), comment);

    session.bash(
        "git checkout -q main && git merge -q longer && git push -q origin main",
        folder,
        Map.of(),
        0);
    github(pipeline, "apply", clone("apply", "main"), Map.of());
    String first = proposal();
    github(pipeline, "apply", clone("apply-again", "main"), Map.of());
    String branch = proposal();
    assertFalse(first.equals(branch), "a new proposal takes the place of the one before");
    github(pipeline, "relay", clone("relay-0", "main"), Map.of("branch", branch));
    assertEquals(branch, proposal(), "nothing is carried before enough have signed");
    approvedBy("devnet:1", branch);
    approvedBy("devnet:2", branch);
    github(pipeline, "relay", clone("relay-2", "main"), Map.of("branch", branch));
    assertEquals("", git("ls-remote --heads origin 'dvault/*'"));
    assertTrue(session.bash("dvault log", folder, Map.of(), 0).contains("1 commit in block"));

    Path night = clone("night", "main");
    github(pipeline, "renew", night, Map.of());
    assertEquals("", told(), "nothing to renew, nobody is told");
    session.bash(
        "sed -i 's/renewBefore: 2d/renewBefore: 13d23h59m59s/' ssh/backup-key.yaml && git commit -qam early"
            + " && git push -q origin main",
        folder,
        Map.of(),
        0);
    Path nextNight = clone("next-night", "main");
    pause();
    github(pipeline, "renew", nextNight, Map.of());
    assertTrue(told().contains("dVault has renewals to approve"));
    String waiting = proposal();
    github(pipeline, "renew", nextNight, Map.of());
    assertEquals(waiting, proposal(), "one proposal waits at a time");
  }

  @Test
  void github_planOfBrokenYaml_commentsAndFails() throws IOException {
    start();
    Pipeline pipeline = Pipeline.read(EXAMPLE.resolve(".github/workflows/dvault.yml"));
    session.bash(
        "git checkout -q -b broken && sed -i 's/ttl:/tll:/' ssh/backup-key.yaml && git commit -qam broken"
            + " && git push -q origin broken",
        folder,
        Map.of(),
        0);
    String change = git("rev-parse HEAD");
    Path clone = clone("broken", change);
    Map<String, String> values = Map.of("github.event.pull_request.head.sha", change);
    List<Pipeline.Step> steps = pipeline.github("plan");
    Map<String, String> outputs = new HashMap<>();
    for (Pipeline.Step step : steps.subList(0, steps.size() - 1)) {
      step(step, clone, values, outputs, 0);
    }
    String comment = told();
    assertTrue(
        comment.contains("### Plan failed.") && comment.contains("unknown field \"tll\""), comment);
    step(steps.getLast(), clone, values, outputs, 1);
  }

  private void github(Pipeline pipeline, String job, Path clone, Map<String, String> values)
      throws IOException {
    Map<String, String> outputs = new HashMap<>();
    for (Pipeline.Step step : pipeline.github(job)) {
      step(step, clone, values, outputs, 0);
    }
  }

  /** As GitHub runs {@code run:}: bash -e, files for outputs and summary, what the workflow's expressions stand for. */
  private void step(
      Pipeline.Step step,
      Path clone,
      Map<String, String> values,
      Map<String, String> outputs,
      int exitCode)
      throws IOException {
    Map<String, String> known = new HashMap<>(Map.of(
        "vars.DVAULT_SOURCE",
        "unused: dvault is on the PATH",
        "secrets.GAS_KEY",
        GAS_KEY,
        "github.token",
        "token",
        "github.event.pull_request.number",
        "7"));
    known.putAll(values);
    known.putAll(outputs);
    Path output = Files.createTempFile(scratch, "output", "");
    Map<String, String> environment = new HashMap<>(Pipeline.filled(step.environment(), known));
    environment.putAll(Map.of(
        "GITHUB_OUTPUT",
        output.toString(),
        "GITHUB_PATH",
        output.toString(),
        "GITHUB_STEP_SUMMARY",
        scratch.resolve("summary").toString(),
        "RUNNER_TEMP",
        scratch.toString(),
        "GITHUB_SHA",
        session.bash("git rev-parse HEAD", clone, Map.of(), 0).strip(),
        "GITHUB_REF_NAME",
        values.getOrDefault("branch", "main")));
    session.bash("set -e\n" + step.script(), clone, environment, exitCode);
    Files.readAllLines(output)
        .forEach(line -> outputs.put(
            "steps." + step.id() + ".outputs." + line.split("=", 2)[0], line.split("=", 2)[1]));
  }

  @Test
  @Tag("slow")
  void gitlab_scriptsAsWritten_planProposeRelayAndRenew() throws IOException {
    start();
    Pipeline pipeline = Pipeline.read(EXAMPLE.resolve(".gitlab-ci.yml"));
    String change = pullRequest();
    gitlab(pipeline, "plan", clone("plan", change), "longer", false);
    String comment = told();
    assertTrue(comment.startsWith("mr\nnote\n7\n"), comment);
    assertTrue(comment.contains("### Plan: 2 to issue, 0 to rotate, 0 to revoke."), comment);

    session.bash(
        "git checkout -q main && git merge -q longer && git push -q origin main",
        folder,
        Map.of(),
        0);
    gitlab(pipeline, "apply", clone("apply", "main"), "main", true);
    String branch = proposal();
    approvedBy("devnet:1", branch);
    gitlab(pipeline, "relay", clone("relay-1", "main"), branch, true);
    assertEquals(branch, proposal());
    approvedBy("devnet:2", branch);
    gitlab(pipeline, "relay", clone("relay-2", "main"), branch, true);
    assertEquals("", git("ls-remote --heads origin 'dvault/*'"));

    gitlab(pipeline, "renew", clone("night", "main"), "main", true);
    assertFalse(told().contains("renewals"), "nothing to renew, nobody is told");
  }

  /** As GitLab runs {@code script:}: all lines in one shell; project variables go before those of the file. */
  private void gitlab(Pipeline pipeline, String job, Path clone, String branch, boolean gas)
      throws IOException {
    Pipeline.Step step = pipeline.gitlab(job);
    Map<String, String> environment = new HashMap<>(step.environment());
    environment.putAll(Map.of(
        "DVAULT_REMOTE",
        scratch.resolve("origin.git").toString(),
        "CI_COMMIT_BRANCH",
        branch,
        "CI_COMMIT_SHA",
        session.bash("git rev-parse HEAD", clone, Map.of(), 0).strip(),
        "CI_MERGE_REQUEST_IID",
        "7",
        "COMMENT_TOKEN",
        "token",
        "DVAULT_SOURCE",
        "unused: dvault is on the PATH"));
    if (gas) {
      environment.put("GAS_KEY", GAS_KEY);
    } else {
      assertEquals("", environment.get("DVAULT_GAS"), "a plan needs no secret");
    }
    session.bash("set -eo pipefail\n" + step.script(), clone, environment, 0);
  }

  /** Until a second has passed since the last commit: "renewBefore" is one second short of the whole life. */
  private static void pause() {
    try {
      Thread.sleep(1_500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
