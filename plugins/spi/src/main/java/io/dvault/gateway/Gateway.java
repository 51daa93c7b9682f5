package io.dvault.gateway;

import io.dvault.cbor.Cid;
import io.dvault.dag.Block;
import io.dvault.http.BoundedHttpClient;
import io.dvault.http.HttpAnswer;
import io.dvault.http.HttpFailure;
import io.dvault.http.HttpLimits;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;

/** One gateway: the way from a CID to a block that has been hashed. Safe for many threads. */
final class Gateway {
  private static final String RAW = "application/vnd.ipld.raw";
  private static final String CAR = "application/vnd.ipld.car; version=1; order=dfs; dups=n";
  private static final int MODEST_BYTES_A_SECOND = 128 * 1024;
  private final URI base;
  private final URI home;
  private final GatewayLimits limits;
  private final BoundedHttpClient http;

  Gateway(URI base, GatewayLimits limits, BoundedHttpClient http) {
    this.base = base;
    this.home = withoutSubdomains(base);
    this.limits = limits;
    this.http = http;
  }

  /**
   * A Kubo that is asked as {@code localhost} redirects to {@code {cid}.ipfs.localhost}, which most resolvers do not
   * know (RFC 6761 6.3); asked by its number, it gives the block itself.
   */
  private static URI withoutSubdomains(URI base) {
    boolean local = base.getScheme().equals("http") && base.getHost().equalsIgnoreCase("localhost");
    return local
        ? URI.create(base.toString().replaceFirst("(?i)//localhost", "//127.0.0.1"))
        : base;
  }

  URI base() {
    return base;
  }

  /** Gets and hashes one block. Every fault, also of the network, comes as one {@link GatewayFault} with one line. */
  Block get(Cid cid) throws GatewayFault {
    URI target = URI.create(home + "/ipfs/" + cid + "?format=raw");
    return verified(cid, follow(target, RAW, within(limits.block(), limits.blockBytes())));
  }

  /**
   * Gets the CAR of {@code root} and all below it, at most {@code maxBytes} long; its blocks are not hashed yet. It may
   * take as long as one block, and longer by the time that its bytes take at a modest speed.
   */
  byte[] car(Cid root, int maxBytes) throws GatewayFault {
    Duration total = limits.block().plusSeconds(maxBytes / MODEST_BYTES_A_SECOND);
    URI target =
        URI.create(home + "/ipfs/" + root + "?format=car&dag-scope=all&car-order=dfs&car-dups=n");
    return follow(target, CAR, within(total, maxBytes)).body();
  }

  private HttpLimits within(Duration total, int bodyBytes) {
    return new HttpLimits(
        total, limits.firstByte(), limits.window(), limits.windowBytes(), bodyBytes);
  }

  /**
   * docs/threat-model.md T14: nothing looks into the bytes before they hash to what was asked for.
   */
  private static Block verified(Cid cid, HttpAnswer answer) throws GatewayFault {
    byte[] body = answer.body();
    Block block = Block.of(cid.codec(), body);
    if (!block.cid().equals(cid)) {
      if (answer.header("Content-Type").orElse("").startsWith("text/html")) {
        throw new GatewayFault.Unfit("answered with a web page, as no trustless gateway does");
      }
      throw new GatewayFault.Unfit(
          "hash mismatch: " + body.length + " bytes that are " + block.cid());
    }
    return block;
  }

  /** The limits hold for the block, however many redirects lead to it. */
  private HttpAnswer follow(URI first, String type, HttpLimits whole) throws GatewayFault {
    long began = System.nanoTime();
    URI target = first;
    for (int hop = 0; hop <= limits.redirects(); hop++) {
      Duration left = whole.total().minusNanos(System.nanoTime() - began);
      if (!left.isPositive()) {
        throw new GatewayFault("took too long");
      }
      HttpAnswer answer = send(target, type, whole.withTotal(left));
      switch (answer.status()) {
        case 200 -> {
          return answer;
        }
        case 301, 302, 303, 307, 308 -> target = redirected(target, answer);
        case 400, 405, 406, 501 -> throw new GatewayFault.NotServed("answered " + answer.status());
        case 404, 410 ->
          throw new GatewayFault.Absent("does not have it (" + answer.status() + ")");
        default -> throw new GatewayFault("answered " + answer.status());
      }
    }
    throw new GatewayFault("redirected more than " + limits.redirects() + " times");
  }

  private HttpAnswer send(URI target, String type, HttpLimits each) throws GatewayFault {
    try {
      return http.send(HttpRequest.newBuilder(target).header("Accept", type).build(), each);
    } catch (HttpFailure e) {
      throw switch (e) {
        case HttpFailure.UnknownHost unknown -> new GatewayFault.Unfit(e.getMessage());
        case HttpFailure.Refused refused -> new GatewayFault.Unfit(e.getMessage());
        case HttpFailure.Tls tls -> new GatewayFault.Unfit("TLS: " + e.getMessage());
        case HttpFailure.TimedOut late -> new GatewayFault(e.getMessage());
        case HttpFailure.TooSlow slow -> new GatewayFault(e.getMessage());
        case HttpFailure.TooLarge large -> new GatewayFault(e.getMessage());
        case HttpFailure.NoAnswer none -> new GatewayFault(e.getMessage());
        case HttpFailure.Broken broken -> new GatewayFault(e.getMessage());
      };
    }
  }

  /** Only to the same host or below it (subdomain gateways), and never from https to http. */
  private URI redirected(URI from, HttpAnswer answer) throws GatewayFault {
    String location =
        answer.header("Location").orElseThrow(() -> new GatewayFault("redirected to nowhere"));
    try {
      URI to = from.resolve(location);
      String own = home.getHost().toLowerCase(Locale.ROOT);
      String host = to.getHost() == null ? "" : to.getHost().toLowerCase(Locale.ROOT);
      boolean near = host.equals(own) || host.endsWith("." + own);
      boolean safe = "https".equals(to.getScheme())
          || "http".equals(to.getScheme()) && from.getScheme().equals("http");
      if (near && safe && to.getRawUserInfo() == null) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw new GatewayFault(
          "redirected to " + GatewayFault.quoted(location) + ", which is no address");
    }
    throw new GatewayFault(
        "redirected to " + GatewayFault.quoted(location) + ", which is another host");
  }
}
