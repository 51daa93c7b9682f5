package io.dvault.cli;

import io.dvault.console.CompletionCommand;
import io.dvault.console.ManCommand;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Every command, in the order of the help. To add one: a line here and a class with picocli's {@code @Command}. */
final class Commands {
  /** A command is made only when it is named, so that {@code version} loads no other class. */
  record Entry(String name, Function<CommandContext, Object> factory) {}

  static final List<Entry> ALL = List.of(
      new Entry("demo", DemoCommand::new),
      new Entry("init", InitCommand::new),
      new Entry("devnet", DevnetCommand::new),
      new Entry("contract", ContractCommand::new),
      new Entry("authority", AuthorityCommand::new),
      new Entry("anchor", AnchorCommand::new),
      new Entry("validate", ValidateCommand::new),
      new Entry("fmt", FmtCommand::new),
      new Entry("policy", PolicyCommand::new),
      new Entry("schema", SchemaCommand::new),
      new Entry("import", ImportCommand::new),
      new Entry("graph", GraphCommand::new),
      new Entry("plan", PlanCommand::new),
      new Entry("show", ShowCommand::new),
      new Entry("apply", ApplyCommand::new),
      new Entry("approve", ApproveCommand::new),
      new Entry("grant", GrantCommand::new),
      new Entry("revoke", RevokeCommand::new),
      new Entry("log", LogCommand::new),
      new Entry("status", StatusCommand::new),
      new Entry("completion", context ->
          new CompletionCommand(() -> Dvault.root(context), context.terminal().out())),
      new Entry("man", context -> new ManCommand(() -> Dvault.root(context), new ManCommand.Program(
          VersionCommand.version(), ExitCode.TABLE, context.terminal().out(), context::resolve))),
      new Entry("version", VersionCommand::new));

  private Commands() {}

  static Optional<Entry> find(String name) {
    return ALL.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return ALL.stream().map(Entry::name).toList();
  }
}
