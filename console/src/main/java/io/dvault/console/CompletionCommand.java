package io.dvault.console;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.Spelling;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code completion SHELL}, the same in both programs; each says by itself how it is called in examples. */
@Command(
    name = "completion",
    description = "Print the completion script of a shell: bash, zsh or fish.",
    footer = {
      "",
      "Examples:",
      "  source <(${ROOT-COMMAND-NAME} completion bash)   in ~/.bashrc",
      "  source <(${ROOT-COMMAND-NAME} completion zsh)   in ~/.zshrc, after compinit",
      "  ${ROOT-COMMAND-NAME} completion fish > ~/.config/fish/completions/${ROOT-COMMAND-NAME}.fish"
    })
public final class CompletionCommand implements Callable<Integer> {
  private final Supplier<CommandLine> root;
  private final PrintStream out;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell = "";

  /** @param root the program with all of its commands */
  public CompletionCommand(Supplier<CommandLine> root, PrintStream out) {
    this.root = root;
    this.out = out;
  }

  @Override
  public Integer call() {
    if (!Completion.SHELLS.contains(shell)) {
      throw new DiagnosticException(Diagnostic.error(
              "DV904",
              "SHELL cannot be \"" + shell + "\"",
              "Use one of: " + String.join(", ", Completion.SHELLS) + ".")
          .hinting(Spelling.hint(shell, Completion.SHELLS)));
    }
    out.print(Completion.script(shell, root.get()));
    out.flush();
    return 0;
  }
}
