package io.dvault.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Asks from a process of its own: locks of this one are no hindrance to this one. */
public final class OtherProcess {
  private OtherProcess() {}

  /** Whether another process finds {@code file} locked. */
  public static boolean findsLocked(Path file) {
    String said = Peers.run(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            file.toString()))
        .requireSuccess()
        .strip();
    return switch (said) {
      case "locked" -> true;
      case "free" -> false;
      default -> throw new IllegalStateException(said);
    };
  }

  public static void main(String[] args) throws IOException {
    try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
      System.out.println(channel.tryLock() == null ? "locked" : "free");
    }
  }
}
