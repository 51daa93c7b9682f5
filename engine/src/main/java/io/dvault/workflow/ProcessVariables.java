package io.dvault.workflow;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.model.SecretVariables;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of this process. {@code System.getenv} decodes with the locale's charset, which replaces what the
 * charset does not know; Linux has the bytes in a file.
 *
 * @param block {@code NAME=VALUE}, each with a zero byte behind it; proc_pid_environ(5)
 * @param decoded the same as strings, for systems without such a file
 * @param charset that they were decoded with
 */
record ProcessVariables(Path block, Map<String, String> decoded, Charset charset)
    implements SecretVariables {
  private static final char REPLACED = '\uFFFD';

  static ProcessVariables ofThisProcess() {
    return new ProcessVariables(
        Path.of("/proc/self/environ"),
        System.getenv(),
        Charset.forName(System.getProperty("sun.jnu.encoding"), StandardCharsets.UTF_8));
  }

  @Override
  public Optional<SecretBytes> find(String name) {
    byte[] all;
    try {
      all = Files.readAllBytes(block);
    } catch (IOException e) {
      return encoded(name);
    }
    try {
      return value(all, (name + "=").getBytes(StandardCharsets.UTF_8));
    } finally {
      Arrays.fill(all, (byte) 0);
    }
  }

  /** Of two variables with one name the first counts, as for {@code getenv}(3) and the JDK. */
  private static Optional<SecretBytes> value(byte[] all, byte[] prefix) {
    for (int start = 0, end; start < all.length; start = end + 1) {
      end = start;
      while (end < all.length && all[end] != 0) {
        end++;
      }
      int from = start + prefix.length;
      if (from <= end && Arrays.equals(all, start, from, prefix, 0, prefix.length)) {
        return Optional.of(SecretBytes.owning(Arrays.copyOfRange(all, from, end)));
      }
    }
    return Optional.empty();
  }

  private Optional<SecretBytes> encoded(String name) {
    Optional<String> value = Optional.ofNullable(decoded.get(name));
    if (value.filter(text -> text.indexOf(REPLACED) >= 0).isPresent()) {
      throw new DiagnosticException(Diagnostic.error(
          "DV627",
          "a secret value cannot be read: env:" + name,
          "It has bytes that are not " + charset + ", the charset of the locale.",
          "Put the value into a file, or set LC_ALL to a UTF-8 locale. Nothing was changed."));
    }
    return value.map(text -> SecretBytes.owning(text.getBytes(charset)));
  }
}
