package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which git keeps a repository, and the programs that its configuration would start.
 * docs/threat-model.md T28.
 */
@Tag("T28")
class ClonesTest {
  @TempDir
  Path scratch;

  private GitFolderFixture git;

  @BeforeEach
  void vault() throws Exception {
    git = GitFolderFixture.create(Files.createDirectory(scratch.resolve("fleet")));
    git.file("more.yaml", "# nothing yet\n");
    git.bash("git add -A && git commit -qm two");
  }

  private GitFolderFixture clone(String options, String name) {
    git.bash("git clone -q " + options + " \"file://$PWD\" ../" + name);
    return new GitFolderFixture(scratch.resolve(name));
  }

  @Test
  void packedClone_isReadLikeAnyOther() {
    GitFolderFixture packed = clone("", "packed");
    packed.bash("git gc -q");
    packed.validate("--ref", "HEAD~1").isWell();
    packed.validate("--ref", "origin/HEAD").isWell();
    assertTrue(packed.validate().isWell().output().contains("2 files"));
  }

  @Test
  void cloneThatSharesObjects_readsThemWhereTheyAre() {
    git.bash("git clone -q --shared . ../shared");
    GitFolderFixture shared = new GitFolderFixture(scratch.resolve("shared"));
    assertTrue(Files.exists(shared.folder().resolve(".git/objects/info/alternates")));
    shared.validate("--ref", "HEAD~1").isWell();
  }

  @Test
  void shallowClone_hasItsCommitAndNoEarlierOne() {
    GitFolderFixture shallow = clone("--depth 1", "shallow");
    shallow.validate("--ref", "HEAD").isWell();
    shallow.validate("--ref", "HEAD~1").isRefused("there is no commit \"HEAD~1\"");
  }

  @Test
  void partialClone_saysWhatIsMissingAndFetchesNothing() {
    git.bash("git config uploadpack.allowFilter true");
    GitFolderFixture partial = clone("--filter=blob:none --no-checkout", "partial");
    Path witness = scratch.resolve("fetched");
    partial.bash("git config remote.origin.uploadpack 'touch " + witness + "; git-upload-pack'");
    partial.validate("--ref", "HEAD").isRefused("this clone lacks a git object");
    assertFalse(Files.exists(witness));
  }

  @Test
  void linkedWorkTree_hasItsOwnHead() {
    git.bash("git worktree add -q ../linked HEAD~1");
    GitFolderFixture linked = new GitFolderFixture(scratch.resolve("linked"));
    assertTrue(linked.validate().isWell().output().contains("1 file:"));
    assertTrue(linked.validate("--ref", "HEAD").isWell().output().contains("1 file:"));
    assertTrue(linked.validate("--ref", "main").isWell().output().contains("2 files:"));
  }

  @Test
  void vaultInASubmodule_isItsOwnRepository() {
    git.bash("""
        git init -q ../outer && cd ../outer && git commit -q --allow-empty -m outer
        git -c protocol.file.allow=always submodule --quiet add "file://$PWD/../fleet" vault && git commit -qm sub""");
    GitFolderFixture inner = new GitFolderFixture(scratch.resolve("outer/vault"));
    assertTrue(inner.validate("--ref", "HEAD~1").isWell().output().contains("1 file:"));
    inner.validate("--ref", "HEAD~2").isRefused("there is no commit");
  }

  @Test
  void programsThatTheConfigurationNames_areNotStarted() throws Exception {
    Path witness = scratch.resolve("ran");
    String touch = "touch " + witness;
    git.file(".gitattributes", "*.yaml filter=x diff=x merge=x ident\n");
    git.bash("git add -A && git commit -qm attributes"); // before the filter is configured
    git.bash("""
        git config core.fsmonitor 'TOUCH'; git config core.sshCommand 'TOUCH'; git config core.pager 'TOUCH'
        git config core.editor 'TOUCH'; git config credential.helper '!TOUCH'; git config gpg.program 'TOUCH'
        git config filter.x.smudge 'TOUCH'; git config filter.x.clean 'TOUCH'; git config filter.x.process 'TOUCH'
        git config filter.x.required true; git config diff.x.textconv 'TOUCH'; git config diff.external 'TOUCH'
        git config alias.rev-parse '!TOUCH'; git config core.gitProxy 'TOUCH'
        git config core.alternateRefsCommand 'TOUCH'
        git config remote.origin.url 'ext::sh -c TOUCH'; git config core.hooksPath "$PWD/hooks"
        mkdir -p hooks .git/hooks
        for hook in pre-commit post-checkout post-index-change fsmonitor-watchman reference-transaction; do
          printf '#!/bin/sh\\nTOUCH\\n' | tee hooks/$hook > .git/hooks/$hook; chmod +x hooks/$hook .git/hooks/$hook
        done""".replace("TOUCH", touch));
    Files.deleteIfExists(witness); // git config itself may have looked at fsmonitor
    for (String[] where : new String[][] {{}, {"--ref", "HEAD"}, {"--ref", "HEAD~1"}}) {
      git.validate(where).isWell();
    }
    assertFalse(Files.exists(witness));
    assertEquals("", commandsStartedBy("validate", "--ref", "HEAD"), "programs started by dVault");
  }

  /** Runs dVault as a process that finds nothing on its PATH but programs that leave their name in a file. */
  private String commandsStartedBy(String... arguments) throws IOException, InterruptedException {
    Path bin = Files.createDirectory(scratch.resolve("bin"));
    Path log = scratch.resolve("started");
    Files.createFile(log);
    for (String program : List.of("git", "ssh", "sh", "bash", "uname", "stty", "curl", "gpg")) {
      Path stub = bin.resolve(program);
      Files.writeString(stub, "#!/bin/sh\necho \"" + program + " $*\" >> " + log + "\n");
      assertTrue(stub.toFile().setExecutable(true));
    }
    List<String> command = Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.dvault.cli.Dvault"),
            Stream.of(arguments))
        .toList();
    Path out = scratch.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(git.folder().toFile())
        .redirectErrorStream(true)
        .redirectOutput(out.toFile());
    builder.environment().put("PATH", bin.toString());
    Process process = builder.start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), Files.readString(out));
    return Files.readString(log);
  }
}
