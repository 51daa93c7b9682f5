package io.dvault.demo;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Plays the demo from the first file to the last clean-up. */
public final class Demo {
  /**
   * @param dvault the command that starts {@code dvault} as a process
   * @param agent the command that starts {@code dvault-agent}
   * @param searchPath folders of PATH
   * @param forceMina whether to use Apache MINA SSHD although OpenSSH is there
   */
  public record Settings(
      List<String> dvault,
      List<String> agent,
      List<Path> searchPath,
      boolean forceMina,
      boolean keep) {
    public Settings {
      dvault = List.copyOf(dvault);
      agent = List.copyOf(agent);
      searchPath = List.copyOf(searchPath);
    }
  }

  private Demo() {}

  /** Throws DiagnosticException (DV711) when something that was announced was not seen. */
  public static void run(Settings settings, Engine engine, PrintStream out) throws IOException {
    Screen screen = new Screen(out);
    Path folder = Files.createTempDirectory("dvault-demo-");
    Stage stage = new Stage(folder, engine, settings.dvault(), settings.keep());
    Thread onKill = new Thread(() -> closeQuietly(stage, out));
    Runtime.getRuntime().addShutdownHook(onKill); // Ctrl-C leaves nothing running either
    try (stage) {
      Optional<OpenSshPeer> openSsh =
          settings.forceMina() ? Optional.empty() : OpenSshPeer.find(settings.searchPath());
      SshPeer ssh = openSsh.<SshPeer>map(peer -> peer).orElseGet(MinaPeer::new);
      if (openSsh.isEmpty()) {
        screen.progress(
            "sshd", ssh.version() + " is used; to use OpenSSH: apt install openssh-server");
      }
      new DemoScript(stage, ssh, screen, settings.agent()).play();
      screen.table();
    } catch (DemoFailure e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV711",
          "the demo failed",
          e.getMessage(),
          "Run it again with --keep and inspect its folder."));
    }
    Runtime.getRuntime().removeShutdownHook(onKill);
    out.printf(
        "%n%.0f s in all. %s%n",
        screen.elapsed().toMillis() / 1000.0,
        settings.keep()
            ? "Files kept in " + folder + "."
            : "Cleaned up: no processes or files remain.");
  }

  private static void closeQuietly(Stage stage, PrintStream out) {
    try {
      stage.close();
    } catch (IOException e) {
      out.println("could not clean up: " + e.getMessage());
    }
  }
}
