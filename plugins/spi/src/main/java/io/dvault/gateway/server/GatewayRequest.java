package io.dvault.gateway.server;

import com.sun.net.httpserver.Headers;
import io.dvault.cbor.Cid;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a request asks for, read out of its path, query and Accept header. Source: IPFS trustless gateway, 2 and 3. */
sealed interface GatewayRequest {
  /** One block's bytes. */
  record Raw(Cid cid) implements GatewayRequest {}

  /** A CAR of the block, and of everything below it unless {@code blockOnly}. */
  record Car(Cid cid, boolean blockOnly) implements GatewayRequest {}

  /** Nothing that this gateway serves; {@code status} is the HTTP status and {@code why} the body. */
  record Refused(int status, String why) implements GatewayRequest {}

  static GatewayRequest read(URI uri, Headers headers) {
    String path = uri.getPath();
    if (!path.startsWith("/ipfs/") || path.indexOf('/', 6) >= 0) {
      return new Refused(path.startsWith("/ipfs/") ? 400 : 404, "only /ipfs/{cid} is served");
    }
    Cid cid;
    try {
      cid = Cid.parse(path.substring(6));
    } catch (IllegalArgumentException e) {
      return new Refused(400, "only CIDv1 in base32 with sha2-256 and dag-cbor or raw is served");
    }
    Optional<String> format = parameter(uri, "format").or(() -> accepted(headers));
    return switch (format.orElse("")) {
      case "raw" -> new Raw(cid);
      case "car" -> car(cid, uri, headers);
      default -> new Refused(406, "only format=raw and format=car are served");
    };
  }

  private static GatewayRequest car(Cid cid, URI uri, Headers headers) {
    String version = parameter(uri, "car-version")
        .or(() -> acceptParameter(headers, "version"))
        .orElse("1");
    String order =
        parameter(uri, "car-order").or(() -> acceptParameter(headers, "order")).orElse("dfs");
    String dups =
        parameter(uri, "car-dups").or(() -> acceptParameter(headers, "dups")).orElse("n");
    if (!version.equals("1") || !List.of("dfs", "unk").contains(order) || !dups.equals("n")) {
      return new Refused(406, "only CAR version 1 in order dfs without duplicates is served");
    }
    if (parameter(uri, "entity-bytes").isPresent()) {
      return new Refused(400, "entity-bytes is not served: no block here is a UnixFS file");
    }
    return switch (parameter(uri, "dag-scope").orElse("all")) {
      case "all" -> new Car(cid, false);
      case "block", "entity" ->
        new Car(cid, true); // a dag-cbor or raw block is its own whole entity
      default -> new Refused(400, "dag-scope is all, entity or block");
    };
  }

  private static Optional<String> parameter(URI uri, String name) {
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    return Stream.of(query.split("&"))
        .filter(each -> each.startsWith(name + "="))
        .findFirst()
        .map(each -> each.substring(name.length() + 1));
  }

  private static Stream<String> accepts(Headers headers) {
    List<String> lines = headers.getOrDefault("Accept", List.of());
    return lines.stream()
        .flatMap(line -> Stream.of(line.split(",")))
        .map(each -> each.strip().toLowerCase(Locale.ROOT));
  }

  private static Optional<String> accepted(Headers headers) {
    return accepts(headers)
        .map(each -> each.replaceAll("\\s*;.*", ""))
        .flatMap(type -> switch (type) {
          case "application/vnd.ipld.raw" -> Stream.of("raw");
          case "application/vnd.ipld.car" -> Stream.of("car");
          default -> Stream.empty();
        })
        .findFirst();
  }

  private static Optional<String> acceptParameter(Headers headers, String name) {
    return accepts(headers)
        .filter(each -> each.startsWith("application/vnd.ipld.car"))
        .flatMap(each -> Stream.of(each.split(";")))
        .map(String::strip)
        .filter(each -> each.startsWith(name + "="))
        .map(each -> each.substring(name.length() + 1))
        .findFirst();
  }
}
