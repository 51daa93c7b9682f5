package io.dvault.cores;

import java.util.List;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Does the same with each element of a long list, in pieces of a few dozen that idle cores take from busy ones. A parallel
 * stream cuts a list into four pieces for each core but one: on two cores one of them may wait for a quarter of the work.
 */
public final class AllCores {
  private static final int PIECE = 64;

  private AllCores() {}

  /** In no order, by the caller and the common pool; throws what {@code action} throws, once all pieces have ended. */
  public static <T> void forEach(List<T> list, Consumer<? super T> action) {
    new Piece<>(list, 0, list.size(), action).invoke();
  }

  /** Whether all do; soon after the first that does not, no more are asked. */
  public static <T> boolean allMatch(List<T> list, Predicate<? super T> predicate) {
    AtomicBoolean all = new AtomicBoolean(true);
    forEach(list, each -> {
      if (all.get() && !predicate.test(each)) {
        all.set(false);
      }
    });
    return all.get();
  }

  private static final class Piece<T> extends RecursiveAction {
    private static final long serialVersionUID = 1L;
    private final transient List<T> list;
    private final int from;
    private final int to;
    private final transient Consumer<? super T> action;

    Piece(List<T> list, int from, int to, Consumer<? super T> action) {
      this.list = list;
      this.from = from;
      this.to = to;
      this.action = action;
    }

    @Override
    protected void compute() {
      if (to - from > PIECE) {
        int middle = (from + to) >>> 1;
        invokeAll(new Piece<>(list, from, middle, action), new Piece<>(list, middle, to, action));
        return;
      }
      for (int i = from; i < to; i++) {
        action.accept(list.get(i));
      }
    }
  }
}
