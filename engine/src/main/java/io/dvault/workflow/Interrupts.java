package io.dvault.workflow;

import java.util.ArrayList;
import java.util.List;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Who tells that somebody wants the process to end: Ctrl-C, or a CI runner's SIGTERM. */
@FunctionalInterface
public interface Interrupts {
  /** Nobody tells, as in a test; the process ends by itself. */
  Interrupts NONE = handler -> () -> {};

  /** Calls {@code handler} at every signal, on a thread of its own, until the registration is closed. */
  Registration on(Runnable handler);

  /** Puts back what was there before. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * The signals of this process. The JDK has no other way to see a second Ctrl-C: a shutdown hook
   * sees the first one only,
   * when it is too late to go on.
   */
  static Interrupts ofProcess() {
    return handler -> {
      List<Registration> before = new ArrayList<>();
      for (String name : List.of("INT", "TERM")) {
        Signal signal = new Signal(name);
        SignalHandler old = Signal.handle(signal, unused -> handler.run());
        before.add(() -> Signal.handle(signal, old));
      }
      return () -> before.forEach(Registration::close);
    };
  }
}
