package io.dvault.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** One layout of help for every command of a program. docs/requirements.md E6. */
public final class Help {
  private static final int NARROWEST = 60;
  private static final int WIDEST = 100;

  private Help() {}

  /** @param width columns of the terminal, 0 where there is none; help is 60 to 100 wide */
  public static void prepare(CommandLine root, int width) {
    root.setPosixClusteredShortOptionsAllowed(false);
    root.setUsageHelpWidth(width <= 0 ? WIDEST : Math.max(NARROWEST, Math.min(WIDEST, width)));
    tree(root).forEach(Help::layOut);
  }

  private static void layOut(CommandLine command) {
    command.getCommandSpec().addMixin("help", CommandSpec.forAnnotatedObject(new HelpOption()));
    command
        .getHelpSectionMap()
        .put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> footer(help.commandSpec()));
  }

  private static String footer(CommandSpec spec) {
    List<String> lines = Examples.lines(
        List.of(spec.usageMessage().footer()), spec.usageMessage().width());
    return lines.isEmpty()
        ? ""
        : String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  /** The command and all below it, each before its own. */
  public static Stream<CommandLine> tree(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().distinct().flatMap(Help::tree));
  }

  /** Help as it is printed. */
  public static String text(CommandLine command, boolean color) {
    return command.getUsageMessage(color ? Ansi.ON : Ansi.OFF);
  }

  /** The subcommand that {@code words} lead to from {@code root}; the nearest above it when they lead nowhere. */
  public static CommandLine descend(CommandLine root, List<String> words) {
    CommandLine at = root;
    for (String word : new ArrayList<>(words)) {
      CommandLine next = at.getSubcommands().get(word);
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }
}
