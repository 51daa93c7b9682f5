package io.dvault.demo;

import java.nio.file.Path;
import java.util.List;

/** Runs {@code dvault} commands, as a person types them. Implemented by {@code cli}, which the demo may not know. */
public interface Engine {
  /** Runs one command in {@code folder} and returns all that it printed. */
  Ran run(Path folder, List<String> arguments);

  /** @param text standard output and standard error together */
  record Ran(int exitCode, String text) {}
}
