package io.dvault.git;

import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SourcePosition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/** One file that was read. Its bytes can be let go and are then read again, the very same ones or none. */
public final class SourceFile {
  private final String path;
  private final Optional<Path> disk;
  private final int length;
  private volatile Optional<byte[]> content;
  private volatile Optional<Bytes32> sha256 = Optional.empty();
  private volatile byte[] blobId = {};

  /**
   * @param path relative to the vault's folder, with {@code /}
   * @param content shared, not copied: nobody changes it
   */
  public SourceFile(String path, byte[] content) {
    this(path, content, Optional.empty());
  }

  /** @param disk where it can be read again */
  private SourceFile(String path, byte[] content, Optional<Path> disk) {
    this.path = path;
    this.disk = disk;
    this.length = content.length;
    this.content = Optional.of(content);
  }

  /** Reads it. */
  static SourceFile onDisk(String path, Path disk) {
    try {
      return new SourceFile(path, read(disk), Optional.of(disk));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** At most {@link FileRules#MAX_FILE} bytes and one more; NOFOLLOW_LINKS, for it may have become a link meanwhile. */
  static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(FileRules.MAX_FILE + 1);
    }
  }

  public String path() {
    return path;
  }

  public boolean isYaml() {
    return FileRules.isYaml(path);
  }

  /** In bytes. */
  int length() {
    return length;
  }

  /** Shared, not copied. DV054 when they had to be read again and are others now. */
  public byte[] content() {
    return content.orElseGet(this::again);
  }

  /** Of the bytes, found out once. */
  public Bytes32 sha256() {
    if (sha256.isEmpty()) {
      sha256 = Optional.of(Bytes32.sha256(content()));
    }
    return sha256.get();
  }

  /**
   * SHA-1 of git's blob of the bytes, found out once; the platform's is many times faster than JGit's, which looks for
   * collisions too.
   */
  byte[] blobId() {
    if (blobId.length == 0) {
      try {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        sha1.update(("blob " + length + "\0").getBytes(StandardCharsets.US_ASCII));
        blobId = sha1.digest(content());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-1", e);
      }
    }
    return blobId.clone();
  }

  /** Lets the bytes go, if they can be read again: a fleet's files are many times as long as what they say. */
  public void release() {
    if (disk.isPresent()) {
      sha256();
      content = Optional.empty();
    }
  }

  /** And keeps them: who asks for one thing in a file asks for others. */
  private synchronized byte[] again() {
    Optional<byte[]> held = content; // by somebody who asked at the same time
    if (held.isPresent()) {
      return held.get();
    }
    byte[] bytes;
    try {
      bytes = read(disk.orElseThrow());
    } catch (IOException e) {
      throw changed(); // it is gone, or no file any more
    }
    if (!Bytes32.sha256(bytes).equals(sha256())) {
      throw changed();
    }
    content = Optional.of(bytes);
    return bytes;
  }

  private DiagnosticException changed() {
    return new DiagnosticException(Diagnostic.error("DV054", "a file changed while it was read",
        "Nothing was done. Say it again.").at(new SourcePosition(path, 1, 1)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceFile that && path.equals(that.path) && Arrays.equals(content(), that.content());
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path + " (" + length + " bytes)";
  }
}
