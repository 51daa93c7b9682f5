package io.dvault.workflow;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that must not be there yet. */
public final class NewFiles {
  private NewFiles() {}

  public static void write(Path file, String text) {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  public static void write(Path file, byte[] content, FileAttribute<?>... attributes) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Set<StandardOpenOption> options =
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      try (FileChannel channel = FileChannel.open(file, options, attributes)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      } catch (FileAlreadyExistsException e) {
        throw e;
      } catch (IOException e) { // a full disk: no half of a file stays
        Files.deleteIfExists(file);
        throw e;
      }
    } catch (FileAlreadyExistsException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV908",
          "the file already exists",
          file + " would be overwritten.",
          "Remove it or choose another name. Nothing was changed."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With mode 0600 from the first byte. docs/threat-model.md T32. */
  static void writeSecret(Path file, byte[] content) {
    write(
        file,
        content,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }
}
