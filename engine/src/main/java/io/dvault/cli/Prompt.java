package io.dvault.cli;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Asks once; only {@code yes} goes on. FEATURES S1. */
final class Prompt {
  private final CommandContext context;

  Prompt(CommandContext context) {
    this.context = context;
  }

  /**
   * Returns whether the answer was {@code yes}; the end of the input is no answer.
   *
   * @param input false: nobody can be asked, which is a diagnostic (DV907)
   */
  boolean confirms(String question, boolean input) {
    if (!input) {
      throw new DiagnosticException(Diagnostic.error("DV907", "an answer is needed and --input=false",
          "Add --auto-approve to go on without asking. Nothing was changed."));
    }
    context.terminal().out().print(question + " Only \"yes\" goes on: ");
    context.terminal().out().flush();
    try {
      String answer = context.in().readLine();
      if (answer == null) {
        context.terminal().println("");
      }
      return answer != null && answer.strip().equals("yes");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
