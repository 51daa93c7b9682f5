package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Repositories that mean harm, made by the real git, read by the real CLI. docs/threat-model.md
 * T28.
 */
@Tag("T28")
@Timeout(60)
class HostileRepositoryTest {
  @TempDir
  Path scratch;

  private GitFolderFixture git;

  @BeforeEach
  void vault() throws Exception {
    git = GitFolderFixture.create(Files.createDirectory(scratch.resolve("fleet")));
  }

  private void commit(String script) {
    git.bash(script + "\ngit add -A && git commit -qm next");
  }

  @Test
  void treeOfAThousandMillionFiles_isRefusedInTime() {
    // Ten trees of ten entries each, one within the other: ten objects name 10^10 files.
    String bomb = git.bash("""
        blob=$(printf 'x: 1\\n' | git hash-object -w --stdin)
        tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '100644 blob %s\\t%s.EXTENSION\\n' $blob $i; done | git mktree)
        for level in 1 2 3 4 5 6 7 8 9; do
          tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\t%s\\n' $tree $i; done | git mktree)
        done
        git commit-tree -m bomb $tree""".replace("EXTENSION", "txt"));
    git.validate("--ref", bomb).isRefused("the repository is too large");
    git.validate("--ref", bomb + ":0").isRefused("the repository is too large");
  }

  @Test
  void treeOfAThousandMillionDeclarations_isRefusedBeforeTheyAreRead() {
    String bomb = git.bash("""
        blob=$(git rev-parse HEAD:vault.yaml)
        tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '100644 blob %s\\t%s.yaml\\n' $blob $i; done | git mktree)
        for level in 1 2 3 4 5 6 7; do
          tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\t%s\\n' $tree $i; done | git mktree)
        done
        tree=$( (printf '040000 tree %s\\tmany\\n' $tree; printf '100644 blob %s\\tvault.yaml\\n' $blob) | git mktree)
        git commit-tree -m bomb $tree""");
    git.validate("--ref", bomb).isRefused("the repository is too large");
  }

  @Test
  void linksOutOfTheTree_areErrorsAndNotFollowed() throws Exception {
    Files.writeString(scratch.resolve("secret.yaml"), "canary: stolen\n");
    commit("""
        ln -s ../secret.yaml stolen.yaml
        ln -s /etc etc
        mkdir -p authorities && ln -s ../../secret.yaml authorities/ca.1.age""");
    git.bothRefuse("symbolic link leaves the repository");
    for (String[] where : new String[][] {{}, {"--ref", "HEAD"}}) {
      String seen = git.validate(where).output();
      assertTrue(seen.contains("3 errors"), seen);
      assertFalse(seen.contains("stolen\n") || seen.contains("canary"), seen);
    }
  }

  @Test
  void vaultYamlThatIsALink_isNoVault() throws Exception {
    Files.writeString(scratch.resolve("other.yaml"), GitFolderFixture.VAULT);
    commit("rm vault.yaml && ln -s ../other.yaml vault.yaml");
    git.bothRefuse("symbolic link leaves the repository");
  }

  @Test
  void namesThatDifferInCaseOrFormAlone_areErrors() {
    git.file("groups/drones.yaml", "# what a Mac shows\n");
    git.file("groups/Drones.yaml", "# what it hides\n");
    commit(
        "printf '# a\\n' > \"$(printf 'g\\303\\251.yaml')\"; printf '# b\\n' > \"$(printf 'ge\\314\\201.yaml')\"");
    git.bothRefuse("two names that differ only in case or accents' form");
    String seen = git.validate("--ref", "HEAD").output();
    assertTrue(
        seen.contains("groups/drones.yaml:1:1") && seen.contains("hides groups/Drones.yaml"), seen);
    assertTrue(seen.contains("2 errors"), seen);
  }

  @Test
  void nameThatIsNotUtf8_isAnError() {
    commit("printf '# x\\n' > \"$(printf 'b\\377d.yaml')\"");
    git.bothRefuse("a file's name is not UTF-8");
  }

  @Test
  void nameThatSteersTheTerminal_isPrintedWithoutItsControlCharacters() {
    commit("printf 'a: &x 1\\n' > \"$(printf 'a\\033[2J\\nError: no such thing.yaml')\"");
    git.bothRefuse("anchors are not read");
    String seen = git.validate("--ref", "HEAD").output();
    assertFalse(seen.contains("\u001b") || seen.contains("\nError: no such thing"), seen);
  }

  @Test
  void oneNameTwiceInATree_isAnError() {
    // No porcelain writes such a tree: the entries by hand, with the ids as bytes.
    String twice = git.bash("""
        id=$(git rev-parse HEAD:vault.yaml)
        entry() { printf "100644 $1\\0"; printf "$(printf %s $id | sed 's/../\\\\x&/g')"; }
        tree=$( (entry vault.yaml; entry vault.yaml) | git hash-object -t tree -w --literally --stdin)
        git commit-tree -m twice $tree""");
    git.validate("--ref", twice).isRefused("two files of one name in one git tree");
  }

  @Test
  void namesThatNoCheckoutAllows_lieNowhere() {
    String odd = git.bash("""
        id=$(git rev-parse HEAD:vault.yaml)
        entry() { printf "100644 $1\\0"; printf "$(printf %s $id | sed 's/../\\\\x&/g')"; }
        tree=$( (entry ../up.yaml; entry .git; entry /etc/x.yaml; entry vault.yaml) \\
            | git hash-object -t tree -w --literally --stdin)
        git commit-tree -m odd $tree""");
    // A second vault.yaml by another name is a second vault: read, refused, and written nowhere.
    git.validate("--ref", odd).isRefused("Vault \"fleet\" is declared twice");
    assertFalse(Files.exists(scratch.resolve("up.yaml")));
  }

  @Test
  void foldersNestedTooDeep_areAnError() {
    commit("d=$(printf 'a/%.0s' $(seq 70)) && mkdir -p $d && printf '# x\\n' > $d/x.yaml");
    git.bothRefuse("folders nested too deep");
  }

  @Test
  void largeFile_isRefusedUnread() {
    commit("head -c 5000000 /dev/zero > large.yaml && head -c 5000000 /dev/zero > notes.bin");
    git.bothRefuse("file too large");
    assertTrue(
        git.validate().output().contains("1 error"), "a large file that nobody reads is no matter");
  }

  @Test
  void filesInLfs_areToldFromDeclarations() {
    git.file(
        "groups.yaml",
        "version https://git-lfs.github.com/spec/v1\n"
            + "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n");
    commit("true");
    git.bothRefuse("the file is kept in Git LFS");
  }

  @Test
  void submoduleWithACommandForAUrl_isNeitherReadNorRun() {
    Path witness = scratch.resolve("ran");
    git.file(".gitmodules", """
        [submodule "x"]
        \tpath = sub
        \turl = ext::sh -c touch%% %s
        [submodule "-u./y"]
        \tpath = -u
        \turl = -u./payload
        \tupdate = !touch %s
        """.formatted(witness, witness));
    git.bash(
        "git add -A && git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),sub && git commit -qm sub");
    GitFolderFixture.Seen seen = git.validate("--ref", "HEAD").isWell();
    assertTrue(
        seen.output().contains("another git repository in this one is not read"), seen.output());
    git.validate().isWell();
    assertFalse(Files.exists(witness));
  }

  @Test
  void replacedAndGraftedCommits_areReadAsTheyWereSigned() {
    String before = git.bash("git rev-parse HEAD");
    git.file("bad.yaml", "nonsense: 1\n");
    commit("true");
    git.bash("git replace " + before + " HEAD && echo $(git rev-parse HEAD) > .git/info/grafts");
    assertTrue(
        git.bash("git ls-tree --name-only " + before).contains("bad.yaml"),
        "git itself shows the replacement");
    git.validate("--ref", before).isWell();
    git.validate("--ref", "HEAD~1").isWell();
    assertEquals(1, git.validate("--ref", "HEAD").code());
  }

  @Test
  void alternatesThatLoopOrLeadAstray_areNoHarm() {
    git.bash(
        "printf '%s\\n' \"$PWD/.git/objects\" /etc /proc/self/fd \"$PWD/missing\" > .git/objects/info/alternates");
    git.validate("--ref", "HEAD").isWell();
    git.bash("git gc -q 2> /dev/null || git repack -adq");
    git.validate("--ref", "HEAD").isWell();
  }

  @Test
  void repositoryOfAnotherHash_isAnErrorWithWords() throws Exception {
    GitFolderFixture other = new GitFolderFixture(Files.createDirectory(scratch.resolve("sha256")));
    other.file("vault.yaml", GitFolderFixture.VAULT);
    other.bash("git init -q --object-format=sha256 && git add -A && git commit -qm one");
    other.validate().isRefused("the git repository has a format that is not read");
  }

  @Test
  void damagedObject_isAnErrorWithWords() {
    String blob = git.bash("git rev-parse HEAD:vault.yaml");
    Path object =
        git.folder().resolve(".git/objects/" + blob.substring(0, 2) + "/" + blob.substring(2));
    git.bash("chmod u+w " + object + " && printf 'no zlib' > " + object);
    git.validate("--ref", "HEAD").isRefused("the git repository cannot be read");
    git.bash("rm -f " + object);
    git.validate("--ref", "HEAD").isRefused("this clone lacks a git object");
  }
}
