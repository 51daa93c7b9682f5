package io.dvault.git;

/**
 * One file that was read.
 *
 * @param path relative to the vault's folder, with {@code /}
 * @param content shared, not copied: nobody changes it
 */
public record SourceFile(String path, byte[] content) {
  public boolean isYaml() {
    return FileRules.isYaml(path);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceFile that
        && path.equals(that.path)
        && java.util.Arrays.equals(content, that.content);
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
