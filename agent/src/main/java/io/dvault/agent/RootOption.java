package io.dvault.agent;

import io.dvault.disk.Layout;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --root}, which every command has. */
final class RootOption {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "/",
      description =
          "Prefix of every path: state in DIR/var/lib/dvault, settings in DIR/etc/dvault/agent.yaml. "
              + "To run several agents on one machine, use one DIR each. Default: /")
  private Path root;

  Layout layout() {
    return Layout.of(root);
  }
}
