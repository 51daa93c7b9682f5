package io.dvault.console;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a shell reads to complete a program's commands and options; what is neither, it completes as files. */
final class Completion {
  static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private Completion() {}

  /** @param shell one of {@link #SHELLS} */
  static String script(String shell, CommandLine root) {
    return shell.equals("fish") ? fish(root) : AutoComplete.bash(root.getCommandName(), root);
  }

  /** <a href="https://fishshell.com/docs/current/completions.html">complete</a>: one line a command or option. */
  private static String fish(CommandLine root) {
    String program = root.getCommandName();
    return Help.tree(root)
        .flatMap(command -> Stream.of(
                command.getSubcommands().values().stream()
                    .map(each -> "complete -c " + program + " -f -n "
                        + quoted(at(command)) + " -a " + each.getCommandName()
                        + " -d " + quoted(summary(each.getCommandSpec()))),
                command.getCommandSpec().options().stream()
                    .map(option -> "complete -c " + program + " -n " + quoted(within(command))
                        + option(option)),
                command.getCommandSpec().positionalParameters().stream()
                    .filter(each -> each.completionCandidates() != null)
                    .map(each -> "complete -c " + program + " -f -n " + quoted(within(command))
                        + " -a " + quoted(String.join(" ", each.completionCandidates()))))
            .flatMap(Function.identity()))
        .collect(Collectors.joining("\n", "# fish completion of " + program + "\n", "\n"));
  }

  private static String option(OptionSpec option) {
    String names = Stream.of(option.names())
        .map(
            name -> name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
        .collect(Collectors.joining());
    String description =
        option.description().length == 0 ? "" : Ansi.OFF.string(option.description()[0]);
    return names + (option.arity().min() > 0 ? " -r" : "") + " -d " + quoted(description);
  }

  /** The words so far lead to this command, and to none below it. */
  private static String at(CommandLine command) {
    String below = String.join(" ", command.getSubcommands().keySet());
    return command.getParent() == null
        ? "__fish_use_subcommand"
        : within(command) + "; and not __fish_seen_subcommand_from " + below;
  }

  private static String within(CommandLine command) {
    if (command.getParent() == null) {
      return "__fish_use_subcommand";
    }
    String self = "__fish_seen_subcommand_from " + command.getCommandName();
    return command.getParent().getParent() == null
        ? self
        : within(command.getParent()) + "; and " + self;
  }

  private static String summary(CommandSpec spec) {
    String[] description = spec.usageMessage().description();
    return description.length == 0 ? "" : Ansi.OFF.string(description[0]);
  }

  private static String quoted(String words) {
    return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
