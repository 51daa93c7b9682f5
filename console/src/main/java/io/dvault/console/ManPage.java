package io.dvault.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page of one command, in man(7) macros, out of the same model as its help.
 *
 * @param name {@code dvault-contract-deploy}; its file is this and {@code .1}
 */
public record ManPage(String name, String text) {
  private static final int WIDTH = 78;

  /** The pages of a program, its own first. */
  public static List<ManPage> all(CommandLine root, String version, List<ExitStatus> exits) {
    return Help.tree(root).map(command -> of(command, root, version, exits)).toList();
  }

  static ManPage of(CommandLine command, CommandLine root, String version, List<ExitStatus> exits) {
    CommandSpec spec = command.getCommandSpec();
    String name = pageName(spec);
    List<String> description = plain(spec.usageMessage().description());
    Roff page = new Roff();
    page.macro(
        "TH", name.toUpperCase(java.util.Locale.ROOT), "1", "", "dVault " + version, "dVault");
    page.macro("SH", "NAME").line(name + " - " + summary(description));
    synopsis(page, spec);
    page.macro("SH", "DESCRIPTION");
    description.forEach(page::line);
    subcommands(page, command);
    parameters(page, spec);
    options(page, spec);
    footer(page, plain(spec.usageMessage().footer()));
    page.macro("SH", "EXIT STATUS");
    exits.forEach(each ->
        page.macro("TP").raw(Roff.bold(String.valueOf(each.code()))).line(each.words() + "."));
    seeAlso(page, command, root);
    return new ManPage(name, page.toString());
  }

  private static String pageName(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  private static List<String> plain(String[] lines) {
    return Stream.of(lines).map(line -> Ansi.OFF.string(line)).toList();
  }

  private static String summary(List<String> description) {
    String first = description.isEmpty() ? "" : description.getFirst();
    int end = first.indexOf(". ");
    String sentence = end < 0 ? first : first.substring(0, end);
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }

  private static void synopsis(Roff page, CommandSpec spec) {
    List<String> words = new ArrayList<>(List.of(Roff.bold(spec.qualifiedName())));
    if (!spec.subcommands().isEmpty()) {
      words.add(Roff.italic("COMMAND"));
    }
    words.add("[" + Roff.italic("OPTIONS") + "]");
    for (PositionalParamSpec each : spec.positionalParameters()) {
      String label = Roff.italic(each.paramLabel());
      String more = each.arity().max() > 1 ? "..." : "";
      words.add(each.arity().min() > 0 ? label + more : "[" + label + "]" + more);
    }
    page.macro("SH", "SYNOPSIS").raw(String.join(" ", words));
  }

  private static void subcommands(Roff page, CommandLine command) {
    if (!command.getSubcommands().isEmpty()) {
      page.macro("SH", "COMMANDS");
      command
          .getSubcommands()
          .values()
          .forEach(each -> page.macro("TP")
              .raw(Roff.bold(each.getCommandName()))
              .line(String.join(" ", plain(each.getCommandSpec().usageMessage().description()))));
    }
  }

  private static void parameters(Roff page, CommandSpec spec) {
    if (!spec.positionalParameters().isEmpty()) {
      page.macro("SH", "ARGUMENTS");
      spec.positionalParameters()
          .forEach(each -> page.macro("TP")
              .raw(Roff.italic(each.paramLabel()))
              .line(String.join(" ", plain(each.description()))));
    }
  }

  private static void options(Roff page, CommandSpec spec) {
    page.macro("SH", "OPTIONS");
    for (OptionSpec each : spec.options()) {
      if (!each.hidden()) {
        String names = Stream.of(each.names()).map(Roff::bold).collect(Collectors.joining(", "));
        String value = each.arity().max() == 0 ? "" : "=" + Roff.italic(each.paramLabel());
        page.macro("TP").raw(names + value).line(String.join(" ", plain(each.description())));
      }
    }
  }

  /** Words, and the lines below {@code Examples:}. */
  private static void footer(Roff page, List<String> footer) {
    List<String> examples = footer.stream().filter(Examples::isExample).toList();
    if (!examples.isEmpty()) {
      page.macro("SH", "EXAMPLES").literal(Examples.lines(examples, WIDTH));
    }
    List<String> words = footer.stream()
        .filter(line -> !Examples.isExample(line) && !line.isBlank() && !line.startsWith("Example"))
        .toList();
    if (!words.isEmpty()) {
      page.macro("SH", "NOTES");
      words.forEach(page::line);
    }
  }

  private static void seeAlso(Roff page, CommandLine command, CommandLine root) {
    List<String> others = new ArrayList<>();
    CommandLine parent = command.getParent();
    if (parent != null) {
      others.add(pageName(parent.getCommandSpec()));
    }
    command.getSubcommands().values().forEach(each -> others.add(pageName(each.getCommandSpec())));
    if (parent != null && !parent.equals(root)) {
      others.add(pageName(root.getCommandSpec()));
    }
    page.macro("SH", "SEE ALSO");
    page.raw(others.stream()
        .distinct()
        .map(each -> Roff.bold(each) + "(1)")
        .collect(Collectors.joining(", ")));
  }
}
