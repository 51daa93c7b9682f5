package io.dvault.store.kubo;

import io.dvault.http.BoundedHttpClient;
import io.dvault.http.HttpAnswer;
import io.dvault.http.HttpFailure;
import io.dvault.http.HttpLimits;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls of Kubo's RPC API, v0. Answers are bounded in bytes and time; faults become diagnostics. */
final class KuboRpc implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private final URI api;
  private final Optional<SecretBytes> authorization;
  private final BoundedHttpClient client = new BoundedHttpClient(CONNECT);

  /** @param authorization the whole value of the Authorization header; closed with this object */
  KuboRpc(URI api, Optional<SecretBytes> authorization) {
    this.api = api;
    this.authorization = authorization;
  }

  /** What Kubo says to a call that it carried out, or why it did not. */
  sealed interface Answer {
    record Done(byte[] body) implements Answer {}

    record Failed(String message) implements Answer {}
  }

  /** Calls {@code command} ({@code block/get}) with query parameters. */
  Answer call(String command, Map<String, String> parameters, int maxBytes, Duration limit) {
    return send(command, parameters, BodyPublishers.noBody(), Optional.empty(), maxBytes, limit);
  }

  /** The same with one file as multipart form data, streamed. */
  Answer upload(
      String command,
      Map<String, String> parameters,
      Supplier<InputStream> file,
      int maxBytes,
      Duration limit) {
    String boundary = "dvault-" + UUID.randomUUID();
    String head = "--" + boundary
        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blocks.car\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n";
    BodyPublisher body = BodyPublishers.concat(
        BodyPublishers.ofString(head),
        BodyPublishers.ofInputStream(file),
        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
    return send(
        command,
        parameters,
        body,
        Optional.of("multipart/form-data; boundary=" + boundary),
        maxBytes,
        limit);
  }

  private Answer send(
      String command,
      Map<String, String> parameters,
      BodyPublisher body,
      Optional<String> type,
      int maxBytes,
      Duration limit) {
    String query = parameters.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each ->
            each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(api + "/api/v0/" + command + "?" + query))
        .POST(body);
    type.ifPresent(value -> request.header("Content-Type", value));
    authorization.ifPresent(value ->
        request.header("Authorization", new String(value.borrow(), StandardCharsets.US_ASCII)));
    try {
      return judge(client.send(request.build(), HttpLimits.within(limit, maxBytes)));
    } catch (HttpFailure.TimedOut e) {
      throw unreachable("no answer to " + command + " within " + limit.toSeconds() + " s");
    } catch (HttpFailure e) {
      throw unreachable(e.getMessage());
    }
  }

  private Answer judge(HttpAnswer answer) {
    return switch (answer.status()) {
      case 200 -> new Answer.Done(answer.body());
      case 500 -> new Answer.Failed(message(new String(answer.body(), StandardCharsets.UTF_8)));
      case 401, 403 ->
        throw new DiagnosticException(Diagnostic.error(
            "DV421",
            "Kubo refuses access",
            api + " answered " + answer.status() + ".",
            "Set \"auth\" of the store to a reference (env:NAME or file:PATH) whose value is the Authorization header, "
                + "\"Bearer …\" or \"Basic …\", that Kubo's API.Authorizations allows."));
      default ->
        throw new DiagnosticException(
            Diagnostic.error(
                "DV423",
                "not a Kubo RPC API",
                api + " answered " + answer.status() + " to an RPC call.",
                "Use the address of Kubo's API (Addresses.API, port 5001 by default), not of its gateway."));
    };
  }

  private static String message(String body) {
    try {
      return JSON.readTree(body).path("Message").asString(body).strip();
    } catch (JacksonException e) {
      return body.strip();
    }
  }

  /** Lines of JSON, as streaming commands give them. */
  static Iterable<JsonNode> lines(byte[] body) {
    try {
      return JSON.readerFor(JsonNode.class).<JsonNode>readValues(body).readAll();
    } catch (JacksonException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV423",
          "not a Kubo RPC API",
          "The answer is not JSON: " + e.getOriginalMessage() + ".",
          "Use the address of Kubo's API (Addresses.API)."));
    }
  }

  private DiagnosticException unreachable(String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV420",
        "Kubo cannot be reached",
        api + ": " + why + ".",
        "Start it (\"ipfs daemon\") or correct \"api\" of the store; every step can be repeated."));
  }

  URI api() {
    return api;
  }

  @Override
  public void close() {
    client.close();
    authorization.ifPresent(SecretBytes::close);
  }
}
