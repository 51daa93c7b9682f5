package io.dvault.bundle;

import io.dvault.testing.Peers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code src/test/js/age.mjs}. */
final class Npm {
  private Npm() {}

  static void age(Object... args) {
    Path script =
        Path.of(System.getProperty("dvault.root"), "schemas", "src", "test", "js", "age.mjs");
    List<String> command = new ArrayList<>(List.of("node", script.toString()));
    for (Object arg : args) {
      command.add(arg.toString());
    }
    Peers.run(command).requireSuccess();
  }
}
