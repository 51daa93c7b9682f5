package io.dvault.console;

import io.dvault.model.Diagnostic;
import io.dvault.model.Spelling;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What picocli finds wrong, in our words and with a way out. */
public final class UsageErrors {
  private UsageErrors() {}

  /** @param known the commands that there are */
  public static Diagnostic unknownCommand(String program, String word, List<String> known) {
    Diagnostic unknown = Diagnostic.error(
        "DV901", "unknown command \"" + word + "\"", "Run `" + program + " --help` for the list.");
    return Spelling.nearest(word, known)
        .map(name -> unknown.hinting("did you mean `" + program + " " + name + "`?"))
        .orElse(unknown);
  }

  public static Diagnostic of(ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    String help = "Run `" + command.getCommandSpec().qualifiedName() + " --help` for its options.";
    return switch (exception) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched, command, help);
      case MissingParameterException missing ->
        Diagnostic.error("DV903", missingSummary(missing), help);
      case OverwrittenOptionException twice ->
        Diagnostic.error("DV904", label(twice.getOverwritten()) + " was given twice", help);
      case MaxValuesExceededException many ->
        Diagnostic.error("DV904", "too many values", many.getMessage(), help);
      default -> Diagnostic.error("DV904", valueSummary(exception), help);
    };
  }

  private static Diagnostic unmatched(
      UnmatchedArgumentException exception, CommandLine command, String help) {
    String word =
        exception.getUnmatched().isEmpty() ? "" : exception.getUnmatched().getFirst();
    if (!word.startsWith("-") && !command.getSubcommands().isEmpty()) {
      String name = command.getCommandSpec().qualifiedName();
      Diagnostic unknown = Diagnostic.error(
          "DV901",
          "unknown command \"" + name + " " + word + "\"",
          "Subcommands: " + String.join(", ", command.getSubcommands().keySet()) + ".");
      return Spelling.nearest(word, command.getSubcommands().keySet())
          .map(near -> unknown.hinting("did you mean `" + name + " " + near + "`?"))
          .orElse(unknown);
    }
    if (!word.startsWith("-")) {
      return Diagnostic.error("DV902", "unexpected argument \"" + word + "\"", help);
    }
    String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    List<String> known = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      known.addAll(List.of(option.names()));
    }
    Diagnostic unknown = Diagnostic.error("DV902", "unknown option " + name, help);
    return Spelling.nearest(name, known)
        .map(near -> unknown.hinting("did you mean " + near + "?"))
        .orElse(unknown);
  }

  private static String missingSummary(MissingParameterException exception) {
    List<String> labels =
        exception.getMissing().stream().map(UsageErrors::label).toList();
    boolean value = exception.getMissing().size() == 1
        && exception.getMissing().getFirst() instanceof OptionSpec option
        && !option.required();
    return value
        ? labels.getFirst() + " needs a value"
        : String.join(", ", labels) + (labels.size() == 1 ? " is missing" : " are missing");
  }

  private static String valueSummary(ParameterException exception) {
    ArgSpec argument = exception.getArgSpec();
    return argument == null
        ? exception.getMessage()
        : label(argument) + " cannot be \"" + exception.getValue() + "\"";
  }

  private static String label(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }
}
