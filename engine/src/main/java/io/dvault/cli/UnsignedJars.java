package io.dvault.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Takes the signatures off the libraries of a build, for the launcher. The JVM would check them at each start (a tenth
 * of a second for BouncyCastle, as much for JGit), believing whoever signed, and keeps no class of a signed jar in its
 * cache. What a library is was checked when Maven fetched it.
 */
final class UnsignedJars {
  private static final String FOLDER = "META-INF";
  private static final Pattern SIGNATURE = Pattern.compile("(?i)(SIG-.*|.*\\.(SF|RSA|DSA|EC))");

  private UnsignedJars() {}

  /** @param arguments the folder of jars */
  public static void main(String[] arguments) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        unsign(jar);
      }
    }
  }

  static void unsign(Path jar) throws IOException {
    try (FileSystem inside = FileSystems.newFileSystem(jar)) {
      Path folder = inside.getPath(FOLDER);
      if (!Files.isDirectory(folder)) {
        return;
      }
      List<Path> signatures;
      try (Stream<Path> files = Files.list(folder)) {
        signatures = files.filter(file -> SIGNATURE.matcher(file.getFileName().toString()).matches()).toList();
      }
      if (signatures.isEmpty()) {
        return;
      }
      Manifest manifest = new Manifest();
      try (InputStream in = Files.newInputStream(folder.resolve("MANIFEST.MF"))) {
        manifest.read(in);
      }
      manifest.getEntries().clear(); // a hash for each file
      try (OutputStream out = Files.newOutputStream(folder.resolve("MANIFEST.MF"))) {
        manifest.write(out);
      }
      for (Path signature : signatures) {
        Files.delete(signature);
      }
    }
  }
}
