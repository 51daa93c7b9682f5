package io.dvault.workflow;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

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
   * The signals of this process. The JDK has no other way to hear a second Ctrl-C than sun.misc.Signal, which is
   * called by reflection, since the compiler's warning of it cannot be turned off: a shutdown hook hears the first
   * one only, when it is too late to go on.
   */
  static Interrupts ofProcess() {
    return handler -> {
      List<Registration> before = new ArrayList<>();
      for (String name : List.of("INT", "TERM")) {
        before.add(handle(name, handler));
      }
      return () -> before.forEach(Registration::close);
    };
  }

  private static Registration handle(String name, Runnable handler) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Method handle = type.getMethod("handle", type, handlers);
      Object signal = type.getConstructor(String.class).newInstance(name);
      Object ours = Proxy.newProxyInstance(
          Interrupts.class.getClassLoader(),
          new Class<?>[] {handlers},
          (proxy, method, arguments) -> {
            handler.run();
            return null;
          });
      Object old = handle.invoke(null, signal, ours);
      return () -> {
        try {
          handle.invoke(null, signal, old);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      };
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
    }
  }
}
