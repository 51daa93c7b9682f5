package io.dvault.ledger.evm;

import io.dvault.http.BoundedHttpClient;
import java.util.List;
import java.util.stream.Collectors;

/** Several endpoints in the order of preference: stays with the one that works, moves on when it gives no answer. */
final class Failover implements Rpc, AutoCloseable {
  private final BoundedHttpClient http;
  private final List<? extends Rpc> endpoints;
  private volatile int current;

  private Failover(BoundedHttpClient http, List<? extends Rpc> endpoints) {
    this.http = http;
    this.endpoints = List.copyOf(endpoints);
  }

  static Failover of(EndpointSettings settings) {
    BoundedHttpClient http = new BoundedHttpClient(settings.timeout());
    return new Failover(
        http,
        settings.rpc().stream()
            .map(url -> new JsonRpc(url, settings.timeout(), http))
            .toList());
  }

  /** With the right chain alone: an endpoint that serves another one counts as one that does not answer. */
  static Failover of(EndpointSettings settings, long chainId) {
    BoundedHttpClient http = new BoundedHttpClient(settings.timeout());
    return new Failover(
        http,
        settings.rpc().stream()
            .map(url -> new OnChain(new JsonRpc(url, settings.timeout(), http), chainId))
            .toList());
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String name() {
    return endpoints.get(current).name();
  }

  @Override
  public List<Answer> batch(List<Call> calls) {
    int first = current;
    java.util.ArrayList<Unusable> failures = new java.util.ArrayList<>();
    for (int i = 0; i < endpoints.size(); i++) {
      int at = (first + i) % endpoints.size();
      try {
        List<Answer> answers = endpoints.get(at).batch(calls);
        current = at;
        return answers;
      } catch (Unusable e) {
        failures.add(e);
      }
    }
    throw failures.size() == 1
        ? failures.getFirst()
        : new Unusable("No RPC endpoint gave a usable answer. "
            + failures.stream().map(Throwable::getMessage).collect(Collectors.joining(" ")));
  }
}
