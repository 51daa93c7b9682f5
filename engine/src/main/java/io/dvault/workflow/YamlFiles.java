package io.dvault.workflow;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.yaml.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The YAML files that a person names by files and folders; links are not followed
 * (docs/threat-model.md T28).
 */
public final class YamlFiles {
  private YamlFiles() {}

  /** The YAML files of a folder, by name; below it too when {@code recursive}. What starts with a dot is skipped. */
  static List<Path> in(Path folder, boolean recursive) {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path each : entries.sorted().toList()) {
        String name = each.getFileName().toString();
        if (name.startsWith(".")) {
          continue;
        }
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) && recursive) {
          files.addAll(in(each, true));
        } else if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) && isYaml(name)) {
          files.add(each);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static boolean isYaml(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  /** What {@code word} names: a file, or the YAML files of a folder; a finding when it is neither. */
  public static List<Path> named(RunEnvironment environment, String word, boolean recursive) {
    Path path = environment.resolve(word);
    if (Files.isSymbolicLink(path)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV042",
          word + " is a symbolic link",
          "Links are not followed. Use the file that it points to. Nothing was changed."));
    }
    if (Files.isDirectory(path)) {
      return in(path, recursive);
    }
    if (!Files.isRegularFile(path)) {
      throw new DiagnosticException(
          Diagnostic.error("DV042", "there is no file or folder " + word, "Nothing was changed."));
    }
    return List.of(path);
  }

  public static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(
          YamlReader.MAX_BYTES + 1); // one more than is read, so that it is told off
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the content in one step and keeps the mode; a crash leaves the old file or the new one. */
  public static void replace(Path file, byte[] content) {
    Path next = file.resolveSibling("." + file.getFileName() + ".dvault-fmt");
    try {
      var attributes =
          Files.getFileAttributeView(file, PosixFileAttributeView.class).readAttributes();
      Files.deleteIfExists(next); // left by a crash
      Set<StandardOpenOption> options =
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      var first =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      try (FileChannel channel = FileChannel.open(next, options, first)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.setPosixFilePermissions(next, attributes.permissions());
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
