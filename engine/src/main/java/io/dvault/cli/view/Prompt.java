package io.dvault.cli.view;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Asks once; only {@code yes} goes on. docs/requirements.md S1. */
public final class Prompt {
  private final CommandContext context;

  public Prompt(CommandContext context) {
    this.context = context;
  }

  /**
   * Returns when the answer was {@code yes}; any other is DV312, also {@code y}, {@code YES} and the end of the input.
   * Blanks after it are forgiven, as OpenTofu does.
   *
   * @param deed what is not done otherwise: {@code applied}
   * @param input false: nobody can be asked, which is DV907
   */
  public void requireYes(String question, String deed, boolean input) {
    if (!input) {
      throw new DiagnosticException(Diagnostic.error(
          "DV907",
          "cannot prompt: --input=false is set",
          "Add --auto-approve to skip the prompt. Nothing was changed."));
    }
    context.terminal().out().print(question + " Enter \"yes\" to continue: ");
    context.terminal().out().flush();
    String answer = answer();
    if (answer == null) {
      context.terminal().println("");
      throw new DiagnosticException(Diagnostic.error(
          "DV312",
          "not " + deed + ": no answer",
          "The input ended. Add --auto-approve to skip the prompt. Nothing was changed."));
    }
    if (!answer.stripTrailing().equals("yes")) {
      throw new DiagnosticException(Diagnostic.error(
          "DV312", "not " + deed + ": the answer was not \"yes\"", "Nothing was changed."));
    }
    context.terminal().println("");
  }

  private String answer() {
    try {
      return context.in().readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
