package io.dvault.demo;

import io.dvault.testing.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a whole-way test starts from: a devnet and a fresh vault, all as processes of their own, and
 * devices that enroll with it.
 */
final class TestStage implements AutoCloseable {
  final Stage stage;
  final Props props;
  private final Commands commands;
  private final Path anchor;

  /** @param poll how often agents look, as vault.yaml has it */
  TestStage(Path folder, Commands commands, String poll) throws IOException {
    this.commands = commands;
    this.stage = new Stage(folder, commands, commands.dvault(), false);
    try {
      Files.createDirectories(stage.vault());
      stage.startDevnet();
      stage.dvault("init", "--devnet", "--name", "fleet");
      Path yaml = stage.vault().resolve("vault.yaml");
      String text = Files.readString(yaml);
      Files.writeString(
          yaml, text.replaceFirst("\nspec:\n", "\nspec:\n  agents: {poll: " + poll + "}\n"));
      this.props = new Props(stage);
      this.anchor = Files.writeString(folder.resolve("anchor.yaml"), stage.dvault("anchor"));
    } catch (IOException | RuntimeException | Error e) {
      stage.close();
      throw e;
    }
  }

  /** A device that is declared in the vault; its agent does not run yet. */
  AgentProcess enroll(String name, String agentYaml) throws IOException {
    AgentProcess agent =
        stage.keep(new AgentProcess(commands.agent(), name, stage.folder().resolve(name)));
    Path config = agent.root().resolve("etc/dvault/agent.yaml");
    Files.createDirectories(config.getParent());
    Files.writeString(config, agentYaml);
    props.write("devices/" + name + ".yaml", agent.enroll(anchor));
    return agent;
  }

  /** One look of a device's agent, which must end well. */
  void look(AgentProcess agent) {
    List<String> once = new ArrayList<>(commands.agent());
    once.addAll(List.of("once", "--root", agent.root().toString()));
    Peers.run(once).requireSuccess();
  }

  String dvault(String... arguments) {
    return stage.dvault(arguments);
  }

  <T extends AutoCloseable> T keep(T resource) {
    return stage.keep(resource);
  }

  Path folder() {
    return stage.folder();
  }

  Path vault() {
    return stage.vault();
  }

  @Override
  public void close() throws IOException {
    stage.close();
  }
}
