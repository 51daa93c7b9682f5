package io.dvault.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --ref}, of every command that reads what is declared. */
final class RefOption {
  @Option(
      names = "--ref",
      paramLabel = "REV",
      description =
          "Read the repository at this commit (branch, tag, id, HEAD~2; REV:FOLDER if it has several vaults) "
              + "instead of the files on disk.")
  private String ref = "";

  Optional<String> revision() {
    return ref.isEmpty() ? Optional.empty() : Optional.of(ref);
  }
}
