package io.dvault.ledger.evm;

import io.dvault.json.Json;
import io.dvault.ledger.LedgerException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One endpoint, or several that stand in for each other. */
interface Rpc {
  record Call(String method, List<Json> params) {
    static Call of(String method, Json... params) {
      return new Call(method, Arrays.asList(params));
    }
  }

  sealed interface Answer {
    record Result(Json value) implements Answer {}

    /** An error object. {@code data}: what a reverted call returned. */
    record Failed(long code, String message, Optional<byte[]> data) implements Answer {}
  }

  /** The endpoint's URL as it may be shown. */
  String name();

  /** Answers in the order of the calls; throws {@link Unusable} when there is no usable answer as a whole. */
  List<Answer> batch(List<Call> calls);

  default Json call(String method, Json... params) {
    Call call = Call.of(method, params);
    return result(call, batch(List.of(call)).getFirst());
  }

  default Json result(Call call, Answer answer) {
    return switch (answer) {
      case Answer.Result(Json value) -> value;
      case Answer.Failed failed -> throw new Refused(name(), call.method(), failed);
    };
  }

  /** Nothing usable came: no connection, no JSON, wrong chain. Another endpoint may do better. */
  final class Unusable extends LedgerException {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }

    Unusable(Fault fault, String message) {
      super(fault, message);
    }
  }

  /** The node answered with an error object. */
  final class Refused extends LedgerException {
    private static final long serialVersionUID = 1L;
    private final transient Answer.Failed error;

    Refused(String name, String method, Answer.Failed error) {
      super(name + " refused " + method + ": " + printable(error.message()) + " (code "
          + error.code() + ").");
      this.error = error;
    }

    Answer.Failed error() {
      return error;
    }
  }

  /** What an endpoint wrote, cut and without control characters: it goes to a terminal. */
  static String printable(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", " ");
    return clean.length() <= 200 ? clean : clean.substring(0, 200) + "…";
  }
}
