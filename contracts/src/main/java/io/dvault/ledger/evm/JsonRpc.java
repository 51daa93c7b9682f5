package io.dvault.ledger.evm;

import io.dvault.http.BoundedHttpClient;
import io.dvault.http.HttpAnswer;
import io.dvault.http.HttpFailure;
import io.dvault.http.HttpLimits;
import io.dvault.json.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** JSON-RPC 2.0 over HTTP with one endpoint. */
final class JsonRpc implements Rpc {
  static final int MAX_ANSWER = 16 << 20;
  private static final int TRIES = 3;
  private static final int MAX_BATCH = 100;
  private static final long MAX_RETRY_AFTER_SECONDS = 2;

  private final URI url;
  private final Duration timeout;
  private final BoundedHttpClient http;
  private volatile boolean batches = true;

  /** @param timeout for everything from connecting to the last byte */
  JsonRpc(URI url, Duration timeout, BoundedHttpClient http) {
    this.url = url;
    this.timeout = timeout;
    this.http = http;
  }

  @Override
  public String name() {
    return EndpointSettings.redacted(url);
  }

  @Override
  public List<Answer> batch(List<Call> calls) {
    List<Answer> answers = new ArrayList<>(calls.size());
    for (int from = 0; from < calls.size(); from += MAX_BATCH) {
      List<Call> part = calls.subList(from, Math.min(calls.size(), from + MAX_BATCH));
      answers.addAll(part.size() > 1 && batches ? together(part) : oneByOne(part));
    }
    return answers;
  }

  private List<Answer> oneByOne(List<Call> calls) {
    return calls.stream().map(call -> answer(post(request(call, 1)), 1)).toList();
  }

  private List<Answer> together(List<Call> calls) {
    Json[] requests = new Json[calls.size()];
    Arrays.setAll(requests, i -> request(calls.get(i), i + 1));
    Json body = post(Json.array(requests));
    if (!(body instanceof Json.Arr(List<Json> items))) {
      // JSON-RPC 2.0 section 6: one error object means that the batch itself was not taken.
      batches = false;
      return oneByOne(calls);
    }
    Answer[] answers = new Answer[calls.size()];
    for (Json item : items) {
      int at = (int) id(item) - 1;
      if (at < 0 || at >= answers.length || answers[at] != null) {
        throw unusable("answered with an id that was not asked for");
      }
      answers[at] = answer(item, at + 1);
    }
    if (items.size() != calls.size()) {
      throw unusable("answered " + items.size() + " of " + calls.size() + " requests of a batch");
    }
    return Arrays.asList(answers);
  }

  private static Json request(Call call, int id) {
    return Json.object(
        "jsonrpc",
        "2.0",
        "id",
        new Json.Whole(id),
        "method",
        call.method(),
        "params",
        new Json.Arr(call.params()));
  }

  private long id(Json item) {
    try {
      return item.asObject().get("id") instanceof Json.Whole(long id) && id <= Integer.MAX_VALUE
          ? id
          : -1;
    } catch (Json.MalformedAnswer e) {
      throw unusable("did not answer with JSON-RPC: " + e.getMessage());
    }
  }

  private Answer answer(Json body, int id) {
    try {
      Json.Obj object = body.asObject();
      Optional<Json> error = object.find("error");
      // A server that could not read the request at all may answer with id null.
      if (id(body, error.isPresent()) != id && error.isEmpty()) {
        throw unusable("answered with an id that was not asked for");
      }
      if (error.isPresent()) {
        return failed(error.get().asObject());
      }
      Json result = object.fields().get("result");
      if (result == null) {
        throw unusable("did not answer with JSON-RPC: neither result nor error");
      }
      return new Answer.Result(result);
    } catch (Json.MalformedAnswer e) {
      throw unusable("did not answer with JSON-RPC: " + e.getMessage());
    }
  }

  private long id(Json body, boolean lenient) {
    return lenient ? 0 : id(body);
  }

  private static Answer failed(Json.Obj error) {
    long code = error
        .find("code")
        .map(value -> value instanceof Json.Whole(long whole) ? whole : 0L)
        .orElse(0L);
    String message = error.find("message").map(Json::asText).orElse("no message");
    return new Answer.Failed(code, message, error.find("data").flatMap(JsonRpc::revertData));
  }

  private static Optional<byte[]> revertData(Json data) {
    return data instanceof Json.Text(String text) && text.matches("0x([0-9a-fA-F]{2})*")
        ? Optional.of(Hex.parseData(text))
        : Optional.empty();
  }

  private Json post(Json request) {
    StringBuilder json = new StringBuilder();
    request.write(json);
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    for (int attempt = 1; ; attempt++) {
      HttpAnswer answer = send(body);
      boolean busy = answer.status() == 429 || answer.status() == 503;
      if (busy && attempt < TRIES) {
        pause(Duration.ofSeconds(Math.clamp(retryAfter(answer), 1, MAX_RETRY_AFTER_SECONDS)));
      } else {
        return read(answer);
      }
    }
  }

  private static long retryAfter(HttpAnswer answer) {
    return answer
        .header("Retry-After")
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(Long::parseLong)
        .orElse(0L);
  }

  private HttpAnswer send(byte[] body) {
    HttpRequest request = HttpRequest.newBuilder(url)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .POST(BodyPublishers.ofByteArray(body))
        .build();
    try {
      return http.send(request, HttpLimits.within(timeout, MAX_ANSWER));
    } catch (HttpFailure e) {
      throw unusable(
          switch (e) {
            case HttpFailure.UnknownHost unknown ->
              "does not answer: there is no host \"" + url.getHost() + "\". Check the URL.";
            case HttpFailure.Refused refused ->
              "does not answer: " + e.getMessage()
                  + ". Is the node running, and is the port right?";
            case HttpFailure.TimedOut late ->
              "does not answer within " + timeout.toMillis() + " ms. Try another endpoint.";
            case HttpFailure.TooSlow slow -> "is " + e.getMessage() + ". Try another endpoint.";
            case HttpFailure.TooLarge large ->
              "broke off: the answer is larger than " + (MAX_ANSWER >> 20) + " MiB";
            case HttpFailure.Tls tls -> "has no TLS that we trust: " + e.getMessage();
            case HttpFailure.NoAnswer none -> e.getMessage();
            case HttpFailure.Broken broken -> "gave no whole answer: " + e.getMessage();
          });
    }
  }

  private Json read(HttpAnswer answer) {
    byte[] body = answer.body();
    boolean page = answer.header("Content-Type").orElse("").startsWith("text/html")
        || body.length > 0 && body[0] == '<';
    if (page) {
      throw unusable("answered with a web page (HTTP " + answer.status() + "), expected JSON-RPC. "
          + "Is this the URL of the RPC endpoint?");
    }
    try {
      Json json = Json.parse(body);
      // Some servers send JSON-RPC errors under an HTTP error; those say more than the status.
      if (answer.status() == 200
          || json instanceof Json.Obj object
              && object.find("error").isPresent()
              && object.find("jsonrpc").isPresent()) {
        return json;
      }
    } catch (Json.MalformedAnswer e) {
      if (answer.status() == 200) {
        throw unusable("did not answer with JSON-RPC: " + e.getMessage());
      }
    }
    throw unusable("answered HTTP " + answer.status() + ", expected 200 with JSON-RPC."
        + wayOut(answer.status()));
  }

  private static String wayOut(int status) {
    return switch (status) {
      case 401, 403 -> " Is the API key in the URL right?";
      case 429 -> " It limits requests: ask later, or add another endpoint.";
      case 301, 302, 307, 308 -> " It redirects: use the final URL.";
      case 404, 405 -> " Is this the URL of the RPC endpoint?";
      default -> " Try again later, or another endpoint.";
    };
  }

  private Unusable unusable(String what) {
    return new Unusable(name() + " " + what);
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unusable("interrupted while waiting for the chain");
    }
  }
}
