package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;

/**
 * Secrets of a script that must show up nowhere but on their device: searched as they are, in base64 at every alignment
 * and in hex; in what was printed, in files, in git's objects, and in the command lines of running processes.
 */
final class Canaries implements AutoCloseable {
  private static final long PAUSE_MILLIS = 2;

  private final Set<String> forms = new CopyOnWriteArraySet<>();
  private final Set<String> seenInProcesses = new CopyOnWriteArraySet<>();
  private Thread watching = Thread.currentThread();

  void add(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    Set<String> more = new HashSet<>(List.of(
        secret, HexFormat.of().formatHex(bytes), HexFormat.of().withUpperCase().formatHex(bytes)));
    for (int shift = 0; shift < 3; shift++) {
      byte[] shifted = new byte[bytes.length + shift];
      System.arraycopy(bytes, 0, shifted, shift, bytes.length);
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String text = encoder.withoutPadding().encodeToString(shifted);
        more.add(text.substring(
            shift == 0 ? 0 : shift + 1, text.length() - 2)); // what neighbours do not change
      }
    }
    forms.addAll(more);
  }

  boolean isIn(String text) {
    return forms.stream().anyMatch(text::contains);
  }

  /** Where in {@code folder} one of them lies, files of git unpacked; links are not followed. */
  Set<String> placesIn(Path folder) throws IOException, InterruptedException {
    Set<String> places = new TreeSet<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (isIn(Files.readString(file, StandardCharsets.ISO_8859_1))) {
          places.add(folder.relativize(file).toString());
        }
      }
    }
    if (Files.isDirectory(folder.resolve(".git"))) {
      Process git = new ProcessBuilder("git", "cat-file", "--batch-all-objects", "--batch")
          .directory(folder.toFile())
          .start();
      if (isIn(new String(git.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))) {
        places.add("git's objects");
      }
      assertEquals(0, git.waitFor());
    }
    return places;
  }

  /** Looks at the command line of every process from now on. */
  void watchProcesses() {
    watching = Thread.ofPlatform().daemon().name("canary-watch").start(() -> {
      while (!Thread.currentThread().isInterrupted()) {
        commandLines().stream().filter(this::isIn).forEach(seenInProcesses::add);
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
          return;
        }
      }
    });
  }

  private static List<String> commandLines() {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path each : processes
          .filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .toList()) {
        try {
          lines.add(Files.readString(each.resolve("cmdline"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
          continue; // it ended meanwhile
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return lines;
  }

  Set<String> seenInProcesses() {
    return seenInProcesses;
  }

  @Override
  public void close() {
    if (watching != Thread.currentThread()) {
      watching.interrupt();
    }
  }
}
