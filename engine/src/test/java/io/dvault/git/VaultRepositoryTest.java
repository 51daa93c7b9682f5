package io.dvault.git;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.model.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultRepositoryTest {
  @TempDir
  Path folder;

  private void file(String path, String text) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String commit() throws GitAPIException {
    IsolatedSystem.install();
    try (Git git = Git.init().setDirectory(folder.toFile()).call()) {
      git.add().addFilepattern(".").call();
      PersonIdent someone = new PersonIdent("someone", "someone@fleet.example");
      return git.commit()
          .setMessage("x")
          .setAuthor(someone)
          .setCommitter(someone)
          .setSign(false)
          .call()
          .name();
    }
  }

  private RepositoryView workTree() {
    try (VaultRepository repository = VaultRepository.open(folder)) {
      return repository.workTree();
    }
  }

  private RepositoryView at(String commit) {
    try (VaultRepository repository = VaultRepository.open(folder)) {
      return repository.findCommit(commit).orElseThrow();
    }
  }

  private static List<String> codes(RepositoryView view) {
    return view.findings().stream().map(Diagnostic::code).toList();
  }

  @Test
  void workTree_noGit_readsFilesWithoutCommit() throws Exception {
    file("vault.yaml", "a: 1\n");
    file("x/y.yml", "b: 1\n");
    file("x/readme.md", "no\n");
    file(".hidden/z.yaml", "no\n");
    RepositoryView view = workTree();
    assertEquals(Set.of("vault.yaml", "x/y.yml"), view.files().keySet());
    assertEquals("", view.commit());
    assertFalse(view.clean());
  }

  @Test
  void workTree_afterCommit_isCleanUntilARelevantFileChanges() throws Exception {
    file("vault.yaml", "a: 1\n");
    file("notes.txt", "x\n");
    String commit = commit();
    assertEquals(commit, workTree().commit());
    assertTrue(workTree().clean());
    file("notes.txt", "y\n");
    assertTrue(workTree().clean());
    file("new.yaml", "b: 1\n");
    assertFalse(workTree().clean());
    Files.delete(folder.resolve("new.yaml"));
    file("vault.yaml", "a: 2\n");
    assertFalse(workTree().clean());
    Files.delete(folder.resolve("vault.yaml"));
    file("other.yaml", "a: 1\n");
    assertFalse(workTree().clean());
  }

  @Test
  void findCommit_readsObjectsNotTheWorkTree() throws Exception {
    file("vault.yaml", "a: 1\n");
    file("authorities/ca.1.pub", "key\n");
    String commit = commit();
    RepositoryView before = workTree();
    file("vault.yaml", "a: 2\n");
    RepositoryView view = at(commit);
    assertEquals("a: 1\n", new String(view.find("vault.yaml").orElseThrow().content()));
    assertEquals(before.digest(), view.digest());
    assertFalse(before.digest().equals(workTree().digest()));
  }

  @Test
  void findCommit_unknown_isEmpty() throws Exception {
    file("vault.yaml", "a: 1\n");
    commit();
    try (VaultRepository repository = VaultRepository.open(folder)) {
      assertTrue(repository.findCommit("0".repeat(40)).isEmpty());
      assertTrue(repository.findCommit("HEAD").isEmpty());
      assertTrue(repository.findCommit("").isEmpty());
    }
  }

  @Test
  void open_belowTheVault_findsIt() throws Exception {
    file("vault.yaml", "a: 1\n");
    file("devices/a.yaml", "b: 1\n");
    commit();
    try (VaultRepository repository = VaultRepository.open(folder.resolve("devices"))) {
      assertEquals(folder.toRealPath(), repository.root().toRealPath());
    }
  }

  @Test
  void open_vaultInAFolderOfTheRepository_readsThatFolderAlone() throws Exception {
    file("examples/one/vault.yaml", "a: 1\n");
    file("examples/two/vault.yaml", "a: 2\n");
    String commit = commit();
    try (VaultRepository repository = VaultRepository.open(folder.resolve("examples/one"))) {
      assertEquals(Set.of("vault.yaml"), repository.workTree().files().keySet());
      assertTrue(repository.workTree().clean());
      assertEquals(
          "a: 1\n",
          new String(repository
              .findCommit(commit)
              .orElseThrow()
              .find("vault.yaml")
              .orElseThrow()
              .content()));
    }
  }

  @Test
  @Tag("T28")
  void symlink_outOfTheTree_isRefusedInBothViews() throws Exception {
    file("vault.yaml", "a: 1\n");
    Path outside = Files.createTempFile("outside", ".yaml");
    Files.writeString(outside, "stolen: true\n");
    Files.createSymbolicLink(folder.resolve("passwd.yaml"), outside);
    Files.createDirectories(folder.resolve("sub"));
    Files.createSymbolicLink(folder.resolve("sub/up.yaml"), Path.of("../../x.yaml"));
    Files.createSymbolicLink(folder.resolve("etc"), Path.of("/etc"));
    String commit = commit();
    assertEquals(List.of("DV025", "DV025", "DV025"), codes(workTree()));
    assertEquals(List.of("DV025", "DV025", "DV025"), codes(at(commit)));
    assertEquals(Set.of("vault.yaml"), workTree().files().keySet());
    assertEquals(Set.of("vault.yaml"), at(commit).files().keySet());
    Files.delete(outside);
  }

  @Test
  @Tag("T28")
  void symlink_insideTheTree_isNeitherFollowedNorRefused() throws Exception {
    file("vault.yaml", "a: 1\n");
    file("a/x.yaml", "b: 1\n");
    Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
    Files.createSymbolicLink(folder.resolve("a/loop"), Path.of(".."));
    String commit = commit();
    assertEquals(Set.of("a/x.yaml", "vault.yaml"), workTree().files().keySet());
    assertEquals(List.of(), codes(workTree()));
    assertEquals(Set.of("a/x.yaml", "vault.yaml"), at(commit).files().keySet());
  }

  @Test
  @Tag("T28")
  @Tag("A2")
  void file_overTheLimit_isRefusedUnread() throws Exception {
    file("vault.yaml", "a: 1\n");
    try (var large = new java.io.RandomAccessFile(folder.resolve("large.yaml").toFile(), "rw")) {
      large.setLength(100L << 20);
    }
    assertEquals(List.of("DV001"), codes(workTree()));
    assertEquals(Set.of("vault.yaml"), workTree().files().keySet());
    try (var large = new java.io.RandomAccessFile(folder.resolve("large.yaml").toFile(), "rw")) {
      large.setLength(5L << 20);
    }
    assertEquals(List.of("DV001"), codes(at(commit())));
  }

  @Test
  @Tag("T28")
  void submodule_isToldAndNotRead() throws Exception {
    file("vault.yaml", "a: 1\n");
    file("other/.git/HEAD", "ref: refs/heads/main\n");
    file("other/x.yaml", "b: 1\n");
    assertEquals(List.of("DV025"), codes(workTree()));
    assertEquals(Set.of("vault.yaml"), workTree().files().keySet());
  }

  @Test
  @Tag("T28")
  void hooksAndFiltersOfTheRepository_takeNoPart() throws Exception {
    file("vault.yaml", "a: 1\n");
    String commit = commit();
    Path witness = folder.resolve("ran");
    file(
        ".git/config",
        "[core]\n\tfsmonitor = touch " + witness + "\n\tautocrlf = true\n"
            + "[filter \"x\"]\n\tsmudge = touch " + witness + "\n\tclean = touch " + witness
            + "\n");
    file(".gitattributes", "*.yaml filter=x\n");
    assertTrue(workTree().clean());
    assertEquals(
        "a: 1\n", new String(at(commit).find("vault.yaml").orElseThrow().content()));
    assertFalse(Files.exists(witness));
  }
}
