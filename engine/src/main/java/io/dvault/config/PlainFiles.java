package io.dvault.config;

import io.dvault.git.SourceFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Reads files of nothing but sound devices as soon as their bytes are at hand, and lets the bytes go: a fleet's files are
 * several times as long as what a plan keeps of them. For who is done with a vault in seconds; what asks for recipients
 * later reads the files again, and finds them changed then.
 */
public final class PlainFiles implements Consumer<SourceFile> {
  private final Map<String, List<Enrolled>> read = new ConcurrentHashMap<>();

  @Override
  public void accept(SourceFile file) {
    if (file.isYaml()) {
      PlainDevices.read(file).ifPresent(devices -> {
        read.put(file.path(), devices);
        file.release();
      });
    }
  }

  /** What {@link PlainDevices#read} says of a file, which is forgotten here. */
  Optional<List<Enrolled>> take(SourceFile file) {
    Optional<List<Enrolled>> devices = Optional.ofNullable(read.remove(file.path()));
    return devices.isPresent() ? devices : PlainDevices.read(file);
  }
}
