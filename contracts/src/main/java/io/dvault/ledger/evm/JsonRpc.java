package io.dvault.ledger.evm;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** JSON-RPC 2.0 over HTTP with one endpoint. */
final class JsonRpc implements Rpc {
  private static final int TRIES = 3;
  private static final int MAX_BATCH = 100;
  private static final long MAX_RETRY_AFTER_SECONDS = 2;

  private final URI url;
  private final Duration timeout;
  private final Transport transport;
  private volatile boolean batches = true;

  JsonRpc(URI url, Duration timeout, Transport transport) {
    this.url = url;
    this.timeout = timeout;
    this.transport = transport;
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
    return Json.object("jsonrpc", "2.0", "id", new Json.Whole(id),
        "method", call.method(), "params", new Json.Arr(call.params()));
  }

  private long id(Json item) {
    try {
      return item.asObject().get("id") instanceof Json.Whole(long id) && id <= Integer.MAX_VALUE ? id : -1;
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
    long code = error.find("code").map(value -> value instanceof Json.Whole(long whole) ? whole : 0L).orElse(0L);
    String message = error.find("message").map(Json::asText).orElse("no message");
    return new Answer.Failed(code, message, error.find("data").flatMap(JsonRpc::revertData));
  }

  private static Optional<byte[]> revertData(Json data) {
    return data instanceof Json.Text(String text) && text.matches("0x([0-9a-fA-F]{2})*")
        ? Optional.of(Hex.parseData(text)) : Optional.empty();
  }

  private Json post(Json request) {
    StringBuilder json = new StringBuilder();
    request.write(json);
    byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
    for (int attempt = 1;; attempt++) {
      Transport.Answer answer = send(body);
      boolean busy = answer.status() == 429 || answer.status() == 503;
      if (busy && attempt < TRIES) {
        pause(Duration.ofSeconds(Math.clamp(answer.retryAfter(), 1, MAX_RETRY_AFTER_SECONDS)));
      } else {
        return read(answer);
      }
    }
  }

  private Transport.Answer send(byte[] body) {
    try {
      return transport.post(url, body, timeout);
    } catch (UnknownHostException e) {
      throw unusable("does not answer: there is no host \"" + url.getHost() + "\". Check the URL.");
    } catch (ConnectException e) {
      throw unusable("does not answer: connection refused. Is the node running, and is the port right?");
    } catch (SocketTimeoutException e) {
      throw unusable("does not answer within " + timeout.toMillis() + " ms. Try another endpoint.");
    } catch (SSLException e) {
      throw unusable("has no TLS that we trust: " + Rpc.printable(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw unusable("broke off: " + Rpc.printable(String.valueOf(e.getMessage())));
    }
  }

  private Json read(Transport.Answer answer) {
    byte[] body = answer.body();
    boolean page = answer.contentType().startsWith("text/html") || body.length > 0 && body[0] == '<';
    if (page) {
      throw unusable("answered with a web page (HTTP " + answer.status() + "), expected JSON-RPC. "
          + "Is this the URL of the RPC endpoint?");
    }
    try {
      Json json = Json.parse(body);
      // Some servers send JSON-RPC errors under an HTTP error; those say more than the status.
      if (answer.status() == 200 || json instanceof Json.Obj object && object.find("error").isPresent()
          && object.find("jsonrpc").isPresent()) {
        return json;
      }
    } catch (Json.MalformedAnswer e) {
      if (answer.status() == 200) {
        throw unusable("did not answer with JSON-RPC: " + e.getMessage());
      }
    }
    throw unusable("answered HTTP " + answer.status() + ", expected 200 with JSON-RPC." + wayOut(answer.status()));
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
