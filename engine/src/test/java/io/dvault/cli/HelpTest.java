package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.console.Help;
import io.dvault.testing.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Help, manual pages and completion of every command of both programs, as they come out of the programs. */
@Tag("E6")
class HelpTest {
  private static final String ZSH = "autoload -U +X compinit && compinit -u\n"
      + "autoload -U +X bashcompinit && bashcompinit\nsetopt KSH_ARRAYS";

  @TempDir
  Path folder;

  /** Every command of both, as the words that a user types. */
  private static List<String> commands() {
    ScriptRun run = new ScriptRun(Path.of("").toAbsolutePath());
    List<String> commands = Help.tree(Dvault.root(run.context(List.of())))
        .map(each -> each.getCommandSpec().qualifiedName())
        .collect(Collectors.toCollection(ArrayList::new));
    for (String agent : List.of("", " enroll", " run", " once", " status", " completion", " man")) {
      commands.add("dvault-agent" + agent);
    }
    return commands;
  }

  private static String help(String command) {
    return output(command + " --help");
  }

  private static String output(String words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    String[] arguments = Arrays.stream(words.split(" ")).skip(1).toArray(String[]::new);
    if (words.startsWith("dvault-agent")) {
      assertEquals(
          0,
          io.dvault.agent.Main.run(out, out, arguments),
          () -> bytes.toString(StandardCharsets.UTF_8));
      return bytes.toString(StandardCharsets.UTF_8);
    }
    ScriptRun run = new ScriptRun(Path.of("").toAbsolutePath());
    assertEquals(0, run.dvault(List.of(), arguments), run::output);
    return run.output();
  }

  @TestFactory
  Stream<DynamicTest> help_ofEveryCommand_isLaidOutAlike() {
    List<String> commands = commands();
    assertTrue(commands.size() > 25, "the tree is too small to prove anything: " + commands);
    return commands.stream()
        .map(command -> DynamicTest.dynamicTest(command, () -> {
          String help = help(command);
          assertTrue(help.startsWith("Usage: " + command), help);
          assertTrue(help.contains("--help"), help);
          assertTrue(help.contains("\nExamples:\n  "), help);
          List<String> examples = help.lines()
              .dropWhile(line -> !line.equals("Examples:"))
              .skip(1)
              .takeWhile(line -> !line.isEmpty())
              .toList();
          assertTrue(
              examples.stream().allMatch(line -> line.startsWith("  ")),
              "an example at the edge:\n" + help);
          assertTrue(
              examples.stream().anyMatch(line -> line.contains(command)),
              "no example of it:\n" + help);
          assertTrue(
              help.lines().allMatch(line -> line.length() <= 100),
              "wider than the screen:\n" + help);
        }));
  }

  @Test
  void help_inANarrowTerminal_staysWithinIt() {
    CommandLine root = Dvault.root(new ScriptRun(folder).context(List.of()));
    Help.tree(root).forEach(command -> command.setUsageHelpWidth(72));
    Help.tree(root).forEach(command -> {
      String help = Help.text(command, false);
      // A single word, like an address or a URL, is not broken.
      List<String> wide = help.lines()
          .filter(line -> line.length() > 72 && line.strip().contains(" "))
          .toList();
      assertEquals(List.of(), wide, help);
    });
  }

  @Test
  @Tag("peer:groff")
  void manPages_ofBoth_areTakenByGroffWithoutAWarning() throws IOException {
    ScriptRun run = new ScriptRun(folder);
    assertEquals(0, run.dvault(List.of(), "man", "-out", "pages"), run::output);
    output("dvault-agent man --out " + folder.resolve("pages"));
    Set<String> names = new TreeSet<>();
    try (Stream<Path> pages = Files.list(folder.resolve("pages"))) {
      for (Path page : pages.toList()) {
        names.add(page.getFileName().toString());
        String text = rendered(page);
        assertTrue(!text.contains("warning") && !text.contains("error:"), text);
        assertTrue(
            text.contains("NAME") && text.contains("SYNOPSIS") && text.contains("EXIT STATUS"),
            text);
      }
    }
    Set<String> expected = commands().stream()
        .map(each -> each.replace(' ', '-') + ".1")
        .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(expected, names);
  }

  @Test
  @Tag("peer:groff")
  void manPage_ofOneCommand_readsAsItsHelp() throws IOException {
    ScriptRun run = new ScriptRun(folder);
    assertEquals(0, run.dvault(List.of(), "man", "contract", "deploy"), run::output);
    String text = rendered(Files.writeString(folder.resolve("one.1"), run.output()));
    assertTrue(text.contains("dvault-contract-deploy - Deploy the contract"), text);
    assertTrue(text.contains("--rpc=URL"), text);
    assertTrue(text.contains("dvault contract deploy --rpc https://rpc.example"), text);
    assertEquals(1, run.dvault(List.of(), "man", "contract", "deplo"));
  }

  private static String rendered(Path page) {
    return Peers.run(List.of("groff", "-ww", "-man", "-Tutf8", "-P-cbou", page.toString()))
        .requireSuccess();
  }

  @Test
  void bash_completesCommandsOptionsAndFiles() throws IOException {
    Files.writeString(folder.resolve("change.plan"), "");
    assertEquals("apply approve", completed("bash", "dvault ap"));
    assertEquals("deploy verify", completed("bash", "dvault contract "));
    assertEquals("--detailed-exitcode", completed("bash", "dvault plan --detailed"));
    assertEquals("--ref", completed("bash", "dvault --chdir fleet plan --ref"));
    assertEquals("change.plan", completed("bash", "dvault apply chan"));
    assertEquals("--root", completed("bash", "dvault-agent once --ro"));
    assertEquals("enroll", completed("bash", "dvault-agent en"));
    assertEquals("Token", completed("bash", "dvault schema To"));
  }

  @Test
  @Tag("peer:zsh")
  void zsh_completesWhatBashDoes() throws IOException {
    assertEquals("apply approve", completed("zsh", "dvault ap"));
  }

  @Test
  @Tag("peer:fish")
  void fish_completesCommandsAndOptions() throws IOException {
    Path script =
        Files.writeString(folder.resolve("dvault.fish"), output("dvault completion fish"));
    String said = Peers.run(List.of(
            "fish",
            "--no-config",
            "-c",
            "source " + script + "; complete -C 'dvault ap'; complete -C 'dvault contract '"
                + "; complete -C 'dvault plan --detailed'; complete -C 'dvault schema To'"))
        .requireSuccess();
    assertEquals(
        List.of("apply", "approve", "deploy", "verify", "--detailed-exitcode", "Token"),
        said.lines().map(line -> line.split("\t")[0]).toList(),
        said);
  }

  /** What a shell offers for the last word of a line, sorted; asks its own machinery, as the Tab key does. */
  private String completed(String shell, String line) throws IOException {
    String program = line.split(" ")[0];
    Path script = Files.writeString(
        folder.resolve(program + ".completion"), output(program + " completion " + shell));
    // compgen alone does not know of functions: they are called as readline does, and their default
    // is files.
    String ask = """
        cd '%s'
        %s
        source '%s'
        words=(%s)
        case '%s' in *' ') words+=('') ;; esac
        COMP_WORDS=("${words[@]}"); COMP_CWORD=$((${#words[@]} - 1)); COMP_LINE='%s'; COMP_POINT=${#COMP_LINE}
        spec=$(complete -p %s); function=${spec#*-F }; function=${function%%%% *}
        COMPREPLY=(); "$function" %s "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2> /dev/null
        if [ ${#COMPREPLY[@]} = 0 ]; then
          case $spec in *'-o default'*) COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")) ;; esac
        fi
        printf '%%s\\n' "${COMPREPLY[@]}"
        """.formatted(
            folder, shell.equals("zsh") ? ZSH : "", script, line, line, line, program, program);
    Path file = Files.writeString(folder.resolve("ask"), ask);
    String said = Peers.run(List.of(shell, file.toString())).requireSuccess();
    // zsh's compgen gives all words; its compadd, which only runs under a real Tab, drops those
    // that do not begin so.
    String begun = line.endsWith(" ") ? "" : line.substring(line.lastIndexOf(' ') + 1);
    return said.lines()
        .map(String::strip)
        .filter(each -> !each.isEmpty() && each.startsWith(begun))
        .sorted()
        .collect(Collectors.joining(" "));
  }
}
