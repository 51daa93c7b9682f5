package io.dvault.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that alone see other file systems at some paths: a mount namespace. A test that starts
 * one has the tag {@code peer:unshare}.
 */
public final class PrivateMounts {
  private PrivateMounts() {}

  /** Skips the test where this user may not mount: that takes root, and a container may refuse. */
  public static void assumeAllowed() {
    List<String> trial = List.of("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt");
    assumeTrue(Peers.run(trial).exitCode() == 0, "needs to be allowed to mount");
  }

  /**
   * The command line that runs a script of sh in a mount namespace of its own.
   *
   * @param variable NAME=VALUE, for the script's environment
   */
  public static List<String> command(String variable, Path script, List<String> arguments) {
    List<String> command =
        new ArrayList<>(List.of("env", variable, "unshare", "--mount", "sh", script.toString()));
    command.addAll(arguments);
    return command;
  }
}
