package io.dvault.workflow;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** A file that the user named on the command line, to be read whole. */
public final class NamedFile {
  private NamedFile() {}

  /**
   * Its bytes, owned by the caller; DV904 for what is no file, cannot be read or has more than {@code most} KiB.
   *
   * @param word as it was typed
   */
  public static byte[] read(RunEnvironment environment, String word, int most) {
    Path file = environment.resolveHome(word);
    int longest = most << 10;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length <= longest) {
        return bytes;
      }
      Arrays.fill(bytes, (byte) 0);
    } catch (IOException e) {
      throw refused(word, Files.isDirectory(file) ? "It is a folder." : words(e));
    }
    throw refused(word, "It is longer than " + most + " KiB.");
  }

  private static String words(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> "There is no such file.";
      case AccessDeniedException e -> "Permission denied.";
      default -> "It cannot be read: " + failure.getClass().getSimpleName() + ".";
    };
  }

  private static DiagnosticException refused(String word, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV904", "FILE cannot be \"" + word + "\"", why + " Nothing was changed."));
  }
}
