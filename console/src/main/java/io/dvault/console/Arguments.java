package io.dvault.console;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.util.List;
import java.util.Optional;

/**
 * The command line before picocli sees it: the global options taken off ({@code --chdir} before the command, {@code
 * --no-color} anywhere), and {@code -auto-approve} written as
 * {@code --auto-approve}, since people come from Terraform as well as from everywhere else.
 *
 * @param plain whether the user wants no colour
 * @param rest the command and its arguments
 */
public record Arguments(Optional<String> directory, boolean plain, List<String> rest) {
  private static final String NO_COLOR = "--no-color";

  public Arguments {
    rest = List.copyOf(rest);
  }

  public static Arguments parse(List<String> given) {
    Optional<String> directory = Optional.empty();
    boolean plain = false;
    int at = 0;
    while (at < given.size()) {
      String argument = Dashes.doubled(given.get(at));
      if (argument.startsWith("--chdir=")) {
        directory = Optional.of(argument.substring("--chdir=".length()));
        at++;
      } else if (argument.equals("--chdir") || argument.equals("-C")) {
        if (at + 1 >= given.size()) {
          throw new DiagnosticException(Diagnostic.error(
              "DV903",
              argument + " needs a folder",
              "Write it before the command: dvault --chdir FOLDER plan"));
        }
        directory = Optional.of(given.get(at + 1));
        at += 2;
      } else if (argument.equals(NO_COLOR)) {
        plain = true;
        at++;
      } else {
        break;
      }
    }
    List<String> rest = Dashes.normalized(given.subList(at, given.size()));
    int words = rest.contains("--") ? rest.indexOf("--") : rest.size();
    boolean asked = rest.subList(0, words).removeIf(NO_COLOR::equals);
    return new Arguments(directory, plain || asked, rest);
  }
}
