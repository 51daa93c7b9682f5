package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether remembered, forgotten, damaged or another's: a plan says the same. */
@Tag("P9")
class SteadyPlanTest {
  private static final String SETUP = """
      | devnet
      $ dvault init --devnet
      ...
      | device drone-1 role=drone
      | device drone-2 role=drone
      > keys.yaml
        apiVersion: dvault.io/v1
        kind: SshKey
        metadata: {name: backup}
        spec: {devices: {selector: {role: drone}}, ttl: 7d, renewBefore: 2d, install: {path: /etc/keys}}
      | stop
      $ dvault apply -auto-approve
      ...
      """;
  private static final String NO_CHANGES = "No changes. Devices match the repository.";

  @TempDir Path temp;
  private Path folder;
  private ScriptRun run;
  private boolean remembered;

  @BeforeEach
  void vault() throws Exception {
    folder = Files.createDirectory(temp.toRealPath().resolve("fleet"));
    run = new ScriptRun(folder);
    play(SETUP);
  }

  @AfterEach
  void stop() throws IOException {
    run.close();
  }

  private void play(String script) throws Exception {
    run.run(Script.read("steady", Files.writeString(temp.resolve("script.txt"), script)));
  }

  /** What plan prints; whether it took the short way is in {@link #remembered}. */
  private String plan() {
    assertEquals(ExitCode.OK, run.dvault(List.of(), "plan", "-timings"), run.output());
    remembered = !run.output().contains("configuration");
    return run.output().lines().filter(line -> !line.startsWith("Time:")).toList().toString();
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("home/.cache/dvault"))) {
      return files.filter(each -> each.getFileName().toString().startsWith("steady-")).findFirst().orElseThrow();
    }
  }

  private void assertForgotten(String words) {
    assertEquals(words, plan());
    assertFalse(remembered);
    assertEquals(words, plan());
    assertTrue(remembered);
  }

  @Test
  void plan_unchanged_isRememberedUntilTheCacheIsOfNoUse() throws Exception {
    String words = plan();
    assertTrue(words.contains(NO_CHANGES), words);
    assertFalse(remembered);
    assertEquals(words, plan());
    assertTrue(remembered);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    Files.delete(file());
    assertForgotten(words);
    byte[] whole = Files.readAllBytes(file());
    for (int place = 0; place < whole.length; place += 19) {
      byte[] damaged = whole.clone();
      damaged[place] ^= 1;
      Files.write(file(), damaged);
      assertForgotten(words);
    }
    Files.write(file(), new byte[0]);
    assertForgotten(words);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw----"));
    assertForgotten(words);
  }

  @Test
  void plan_cacheOfAnotherClone_isNotBelieved() throws Exception {
    String words = plan();
    Path mine = file();
    Path kept = Files.copy(mine, temp.resolve("kept"));
    play("> extra.yaml\n  apiVersion: dvault.io/v1\n  kind: SshKey\n  metadata: {name: more}\n"
        + "  spec: {devices: {names: [drone-1]}, ttl: 7d, install: {path: /etc/more}}\n");
    assertTrue(plan().contains("SshKey/more@drone-1"), run.output());
    Files.copy(kept, mine, StandardCopyOption.REPLACE_EXISTING);
    assertTrue(plan().contains("SshKey/more@drone-1"), run.output());
    play("| remove extra.yaml\n");
    assertEquals(words, plan());
    assertTrue(remembered);
  }

  @Test
  void plan_aLinkOutOfTheRepositoryAppears_isRefused() throws Exception {
    plan();
    Files.createSymbolicLink(folder.resolve("more.yaml"), Path.of("/etc/hostname"));
    assertEquals(ExitCode.FAILED, run.dvault(List.of(), "plan"));
    assertTrue(run.output().contains("DV025"), run.output());
  }

  @Test
  void plan_anythingOnChainOrTheTimeMoves_isMadeAnew() throws Exception {
    String words = plan();
    play("| later 4d\n");
    assertEquals(words, plan());
    assertTrue(remembered);
    play("| later 2d\n");
    assertTrue(plan().contains("Plan: 0 to issue, 2 to rotate"), run.output());
    play("""
        | later 0s
        $ dvault apply -auto-approve
        ...
        """);
    words = plan();
    assertTrue(words.contains(NO_CHANGES), words);
    assertForgotten(words.isEmpty() ? "" : replan(words));
    play("""
        $ dvault revoke SshKey/backup@drone-1 --auto-approve
        ...
        """);
    assertTrue(plan().contains("a guardian revoked generation 2"), run.output());
  }

  @Test
  void plan_inGit_isMadeAnewForEachCommitHoweverItsNameIsKept() throws Exception {
    GitFolderFixture git = new GitFolderFixture(folder);
    String outside = plan();
    git.bash("printf 'home/\\n.dvault/\\n' > .gitignore && git init -q -b main && git add -A && git commit -qm one");
    String first = plan();
    assertFalse(remembered);
    assertTrue(first.contains("repository at " + git.bash("git rev-parse --short=7 HEAD") + ", clean"), first);
    assertEquals(first, plan());
    assertTrue(remembered);
    git.bash("git gc -q");
    assertEquals(first, plan());
    assertTrue(remembered);
    git.bash("git commit -q --allow-empty -m two");
    String second = plan();
    assertFalse(remembered || second.equals(first));
    git.bash("git checkout -q --detach HEAD~1");
    assertEquals(first, plan());
    assertFalse(remembered); // the last one is kept, not each
    assertEquals(first, plan());
    assertTrue(remembered);
    git.bash("git config --add include.path ../nothing"); // JGit is asked then, each time
    assertEquals(first, plan());
    assertEquals(first, plan());
    assertFalse(remembered);
    git.bash("rm -rf .git");
    assertEquals(outside, plan());
    assertFalse(remembered);
  }

  @Test
  void plan_vaultFileIsAnother_asksWhereItSays() throws Exception {
    String words = plan();
    Path file = folder.resolve("vault.yaml");
    String good = Files.readString(file);
    Files.writeString(file, good.replaceFirst("http://127.0.0.1:\\d+", "http://127.0.0.1:1"));
    assertEquals(ExitCode.FAILED, run.dvault(List.of(), "plan"));
    assertTrue(run.output().contains("connection refused"), run.output());
    Files.writeString(file, good + "\n");
    assertForgotten(words);
  }

  @Test
  void plan_optionsThatSayMore_takeTheLongWay() throws Exception {
    plan();
    plan();
    assertTrue(remembered);
    assertEquals(ExitCode.OK, run.dvault(List.of(), "plan", "-detailed-exitcode"));
    assertTrue(run.output().contains(NO_CHANGES));
    assertEquals(ExitCode.OK, run.dvault(List.of(), "plan", "-json"));
    assertTrue(run.output().startsWith("{"), run.output());
    assertEquals(ExitCode.OK, run.dvault(List.of(), "plan", "-timings", "-renew-head"));
    assertTrue(run.output().contains("configuration"), run.output());
    assertEquals(ExitCode.FAILED, run.dvault(List.of(), "plan", "-timings", "-timings"));
    assertEquals(ExitCode.FAILED, run.dvault(List.of(), "plan", "plan"));
  }

  private String replan(String words) throws IOException {
    Files.delete(file());
    return words;
  }

  @Test
  void plan_enrolmentDamagedWhereNothingIsIssued_isForValidateToTell() throws Exception {
    String words = plan();
    Path device = folder.resolve("devices/drone-1.yaml");
    String good = Files.readString(device);
    Files.writeString(device, good.replaceFirst("proof: \"..", "proof: \"AA"));
    assertEquals(words, plan());
    assertEquals(ExitCode.FAILED, run.dvault(List.of(), "validate"));
    assertTrue(run.output().contains("DV031"), run.output());
    play("| replace keys.yaml ttl: 7d => ttl: 8d\n");
    assertEquals(ExitCode.FAILED, run.dvault(List.of(), "plan")); // now it would be issued to
    assertTrue(run.output().contains("DV031") && run.output().contains("devices/drone-1.yaml:7:10"), run.output());
    Files.writeString(device, good);
    assertTrue(plan().contains("2 to rotate"), run.output());
  }
}
