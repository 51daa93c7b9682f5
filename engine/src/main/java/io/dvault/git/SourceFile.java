package io.dvault.git;

import io.dvault.model.Bytes32;
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

/** One file that was read. */
public final class SourceFile {
  private final String path;
  private final byte[] content;
  private volatile Optional<Bytes32> sha256 = Optional.empty();
  private volatile byte[] blobId = {};

  /**
   * @param path relative to the vault's folder, with {@code /}
   * @param content shared, not copied: nobody changes it
   */
  public SourceFile(String path, byte[] content) {
    this.path = path;
    this.content = content;
  }

  /** Reads at most {@link FileRules#MAX_FILE} bytes and one more; NOFOLLOW_LINKS, for it may have become a link. */
  static SourceFile onDisk(String path, Path disk) {
    try (InputStream in = Files.newInputStream(disk, LinkOption.NOFOLLOW_LINKS)) {
      return new SourceFile(path, in.readNBytes(FileRules.MAX_FILE + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    return content.length;
  }

  /** Shared, not copied. */
  public byte[] content() {
    return content;
  }

  /** Of the bytes, computed once. */
  public Bytes32 sha256() {
    if (sha256.isEmpty()) {
      sha256 = Optional.of(Bytes32.sha256(content));
    }
    return sha256.get();
  }

  /** SHA-1 of git's blob of the bytes, computed once. The platform's: JGit's also looks for collisions. */
  byte[] blobId() {
    if (blobId.length == 0) {
      try {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        blobId = sha1.digest(content);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-1", e);
      }
    }
    return blobId.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceFile that
        && path.equals(that.path)
        && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }

  @Override
  public String toString() {
    return path + " (" + content.length + " bytes)";
  }
}
