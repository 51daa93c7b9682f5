package io.dvault.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsignedJarsTest {
  @TempDir Path folder;

  private static Map<String, byte[]> files(Path jar) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      for (JarEntry entry : (Iterable<JarEntry>) file.stream().filter(each -> !each.isDirectory())::iterator) {
        try (InputStream in = file.getInputStream(entry)) {
          files.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    return files;
  }

  @Test
  void signedLibrary_losesItsSignatureAndNothingElse() throws IOException, URISyntaxException {
    Path signed = Path.of(SHA256Digest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = Files.copy(signed, folder.resolve("library.jar"));
    Path other = Files.writeString(folder.resolve("notes.txt"), "no jar\n");
    UnsignedJars.main(new String[] {folder.toString()});
    Map<String, byte[]> before = files(signed);
    Map<String, byte[]> after = files(jar);
    List<String> gone = before.keySet().stream().filter(name -> !after.containsKey(name)).toList();
    assertFalse(gone.isEmpty(), "the library was not signed");
    assertTrue(gone.stream().allMatch(name -> name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)")), gone.toString());
    before.keySet().removeAll(gone);
    assertEquals(before.keySet(), after.keySet());
    before.remove(JarFile.MANIFEST_NAME);
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
    try (JarFile was = new JarFile(signed.toFile()); JarFile is = new JarFile(jar.toFile())) {
      assertEquals(was.getManifest().getMainAttributes(), is.getManifest().getMainAttributes());
      assertEquals(was.isMultiRelease(), is.isMultiRelease());
    }
    assertEquals("no jar\n", Files.readString(other));
    byte[] once = Files.readAllBytes(jar);
    UnsignedJars.main(new String[] {folder.toString()});
    assertArrayEquals(once, Files.readAllBytes(jar), "there was nothing to do the second time");
  }
}
