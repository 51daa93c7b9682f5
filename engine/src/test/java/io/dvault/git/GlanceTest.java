package io.dvault.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Bytes32;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read without JGit is what JGit reads, or it is not read. */
@Tag("T28")
class GlanceTest {
  private static final String BRANCH = ".git/refs/heads/main";

  @TempDir Path scratch;
  private Path folder;

  @BeforeEach
  void repository() throws Exception {
    folder = Files.createDirectory(scratch.toRealPath().resolve("fleet"));
    file("vault.yaml", "a: 1\n");
    for (int i = 0; i < 20; i++) {
      file("devices/" + i + ".yaml", "device: " + i + "\n".repeat(i == 7 ? 600_000 : i)); // one of several buffers
    }
    bash("git init -q -b main && git add -A && git commit -qm one && echo 'b: 1' > more.yaml"
        + " && git add -A && git commit -qm two");
  }

  private void file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** git without the configuration of user and machine. */
  private void bash(String script) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("bash", "-euc", script).directory(folder.toFile()).inheritIO();
    builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_SYSTEM", "/dev/null",
        "GIT_AUTHOR_NAME", "a", "GIT_AUTHOR_EMAIL", "a@fleet.example", "GIT_COMMITTER_NAME", "a",
        "GIT_COMMITTER_EMAIL", "a@fleet.example"));
    Process process = builder.start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), script);
  }

  private RepositoryView view() {
    try (VaultRepository repository = VaultRepository.open(folder)) {
      return repository.workTree();
    }
  }

  private Glance assertSeesWhatJGitSees() {
    Glance glance = Glance.at(folder).orElseThrow();
    RepositoryView view = view();
    assertEquals(view.root(), glance.root());
    assertEquals(view.commit(), glance.commit());
    assertEquals(Optional.of(view.digest()), glance.files());
    assertEquals(view.find("vault.yaml").map(SourceFile::sha256), glance.marker());
    return glance;
  }

  private void assertIsLeftToJGit(String why) {
    assertEquals(Optional.empty(), Glance.at(folder), why);
  }

  @Test
  void branchInAFileOrPackedOrDetached_isWhatJGitSees() throws Exception {
    Glance loose = assertSeesWhatJGitSees();
    bash("git pack-refs --all && test ! -e " + BRANCH);
    assertEquals(loose, assertSeesWhatJGitSees());
    bash("git commit -q --allow-empty -m three && test -e " + BRANCH); // a file beside an older line
    assertNotEquals(loose.repository(), assertSeesWhatJGitSees().repository());
    bash("git checkout -q -b topic/a.b_c-1 && git commit -q --allow-empty -m four");
    assertSeesWhatJGitSees();
    bash("git gc -q");
    assertSeesWhatJGitSees();
    bash("git checkout -q --detach HEAD~1");
    assertSeesWhatJGitSees();
    bash("git tag main HEAD~1 && git tag -a -m x HEAD && git checkout -q main --"); // names that are others' too
    assertSeesWhatJGitSees();
  }

  @Test
  void clone_isWhatJGitSees() throws Exception {
    bash("git clone -q . ../clone && git clone -q --depth 1 \"file://$PWD\" ../shallow");
    for (String name : List.of("clone", "shallow")) {
      folder = scratch.toRealPath().resolve(name);
      assertSeesWhatJGitSees();
    }
  }

  @Test
  void vaultInAFolder_hasAnotherGlanceThanTheWhole() throws Exception {
    file("sub/vault.yaml", "a: 2\n");
    bash("git add -A && git commit -qm sub");
    Glance whole = assertSeesWhatJGitSees();
    folder = folder.resolve("sub");
    assertNotEquals(whole.repository(), assertSeesWhatJGitSees().repository());
  }

  @Test
  void noRepository_hasNoCommit() throws Exception {
    bash("rm -rf .git");
    assertEquals("", assertSeesWhatJGitSees().commit());
  }

  @Test
  void anyFileChanges_anotherHash() throws Exception {
    Optional<Bytes32> before = Glance.at(folder).orElseThrow().files();
    file("devices/7.yaml", "device: 8\n");
    assertNotEquals(before, assertSeesWhatJGitSees().files());
    bash("git checkout -q devices && mv more.yaml less.yaml");
    assertNotEquals(before, assertSeesWhatJGitSees().files());
    bash("git checkout -q . && rm less.yaml");
    assertEquals(before, assertSeesWhatJGitSees().files());
  }

  @Test
  void whateverThereIsToSayOfFiles_noHash() throws Exception {
    for (String each : List.of("ln -s /etc/hostname x.yaml", "git init -q x", "head -c 5000000 /dev/zero > x.yaml",
        "echo 'version https://git-lfs.github.com/spec/v1' > x.yaml", "touch VAULT.yaml")) {
      bash(each);
      boolean byContent = view().findings().stream().anyMatch(finding -> finding.summary().contains("LFS")
          || finding.summary().contains("case"));
      // What contents and names give rise to is told by the hash: of a plan with findings none is kept.
      assertEquals(byContent, Glance.at(folder).orElseThrow().files().isPresent(), each);
      bash("rm -rf x x.yaml VAULT.yaml && git checkout -q .");
    }
  }

  @Test
  void settings_arePartOfIt() throws Exception {
    Bytes32 before = assertSeesWhatJGitSees().repository();
    bash("git config core.fsmonitor 'touch ../ran'");
    assertNotEquals(before, assertSeesWhatJGitSees().repository());
  }

  @Test
  void otherFormsOfRepositories_areLeftToJGit() throws Exception {
    String main = Files.readString(folder.resolve(BRANCH));
    for (String each : List.of(
        "git config include.path ../other",
        "git config extensions.worktreeConfig true",
        "git checkout -q --orphan fresh",
        "printf 'ref: refs/heads/main' > .git/HEAD",
        "printf 'ref: refs/heads/main\\n\\n' > .git/HEAD",
        "printf 'ref:  refs/heads/main\\n' > .git/HEAD",
        "printf 'ref: refs/heads/../heads/main\\n' > .git/HEAD",
        "printf 'ref: refs/remotes/x\\n' > .git/HEAD",
        "printf 'ref: refs/heads/other\\n' > .git/HEAD && printf 'ref: refs/heads/main\\n' > .git/refs/heads/other",
        "ln -sf refs/heads/main .git/HEAD",
        "mv " + BRANCH + " .git/m && ln -s ../../m " + BRANCH,
        "printf '%s\\r\\n' $(cat " + BRANCH + ") > .git/x && mv .git/x " + BRANCH,
        "rm " + BRANCH + " && mkdir " + BRANCH,
        "git pack-refs --all && sed -n '/main/p' .git/packed-refs >> .git/packed-refs",
        "echo . > .git/commondir",
        "mv .git ../git && ln -s ../git .git",
        "mv .git ../git && echo 'gitdir: ../git' > .git")) {
      bash("cp -a .git ../kept");
      bash(each);
      assertIsLeftToJGit(each);
      bash("rm -rf .git ../git && mv ../kept .git");
      assertEquals(main.strip(), assertSeesWhatJGitSees().commit());
    }
  }

  @Test
  void bareRepository_isLeftToJGit() throws Exception {
    bash("git clone -q --bare . ../bare.git");
    folder = scratch.toRealPath().resolve("bare.git");
    assertIsLeftToJGit("bare");
  }
}
