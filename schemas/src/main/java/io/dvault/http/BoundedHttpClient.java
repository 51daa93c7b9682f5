package io.dvault.http;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * HTTP/1.1 with a bound on everything: bytes are counted while they come, time and pace are watched by the caller's own
 * thread. Follows no redirect, uses no proxy, keeps no cookies, asks for no content coding and refuses one that comes.
 * Safe for many threads. Connections are kept for a while after an answer (RFC 9112) until {@link #close}.
 */
public final class BoundedHttpClient implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int MAX_EXCHANGES = 64;
  private static final int STACK = 256 << 10;
  private static final int MAX_CAUSES = 10;
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private final ThreadPoolExecutor threads = threads();
  private final Semaphore exchanges = new Semaphore(MAX_EXCHANGES);
  private final HttpClient client;

  /**
   * Trusts what the JVM's default context trusts.
   *
   * @param connect for the TCP connection and the TLS handshake together
   */
  public BoundedHttpClient(Duration connect) {
    this(connect, new LazyTls());
  }

  /** The same with certificates judged by {@code tls}. */
  public BoundedHttpClient(Duration connect, SSLContext tls) {
    this.client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .proxy(HttpClient.Builder.NO_PROXY)
        .connectTimeout(connect)
        .sslContext(tls)
        .executor(threads)
        .build();
  }

  /** Gone while nothing is asked, so that an idle agent holds none of them. */
  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor few = new ThreadPoolExecutor(
        THREADS,
        THREADS,
        5,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        work ->
            Thread.ofPlatform().daemon().name("dvault-http").stackSize(STACK).unstarted(work));
    few.allowCoreThreadTimeOut(true);
    few.setRejectedExecutionHandler(
        new ThreadPoolExecutor.DiscardPolicy()); // what still comes while it closes
    return few;
  }

  /**
   * Sends {@code request} and reads the whole answer, whatever its status. A POST whose connection
   * ends without an answer
   * is sent once more, as the JDK does with a GET: a kept connection may have grown stale. So every request must be fit
   * to be repeated. User info in the address becomes Basic authorization.
   */
  public HttpAnswer send(HttpRequest request, HttpLimits limits) throws HttpFailure {
    long deadline = System.nanoTime() + limits.total().toNanos();
    HttpRequest prepared = prepared(request);
    try {
      if (!exchanges.tryAcquire(limits.total().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new HttpFailure.TimedOut("waited too long for other requests");
      }
      try {
        return exchange(prepared, limits, deadline);
      } catch (HttpFailure.NoAnswer e) {
        if (!request.method().equals("POST")) {
          throw e;
        }
        return exchange(prepared, limits, deadline);
      } finally {
        exchanges.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpFailure.Broken("interrupted while waiting for the answer");
    }
  }

  private static HttpRequest prepared(HttpRequest request) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(request, (name, value) -> true);
    builder.setHeader("User-Agent", "dvault").setHeader("Accept-Encoding", "identity");
    Optional<String> user = Optional.ofNullable(request.uri().getUserInfo());
    user.ifPresent(credentials -> builder.setHeader(
        "Authorization",
        "Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))));
    return builder.build();
  }

  private HttpAnswer exchange(HttpRequest request, HttpLimits limits, long deadline)
      throws HttpFailure, InterruptedException {
    CappedBody body = new CappedBody(limits.bodyBytes());
    CompletableFuture<Boolean> head = new CompletableFuture<>(); // whether there is one
    CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, info -> {
      flaw(info, limits.bodyBytes()).ifPresent(body::refuse);
      head.complete(true);
      return body;
    });
    CompletableFuture<HttpResponse<byte[]>> _ =
        answer.whenComplete((done, fault) -> head.complete(false));
    try {
      if (!isDone(head, limits.head(), deadline)) {
        throw new HttpFailure.TimedOut("no answer in time");
      }
      int before = 0;
      while (!isDone(answer, limits.window(), deadline)) { // ends at the deadline
        int now = body.length();
        if (System.nanoTime() - deadline >= 0) {
          throw new HttpFailure.TimedOut("took too long");
        }
        if (now - before < limits.windowBytes()) {
          throw new HttpFailure.TooSlow(now - before, limits.window().toMillis());
        }
        before = now;
      }
      HttpResponse<byte[]> whole = answer.get();
      return new HttpAnswer(whole.statusCode(), whole.headers(), whole.body());
    } catch (ExecutionException e) {
      throw failure(e.getCause(), head.join());
    } finally {
      answer.cancel(true); // ends the connection unless the answer is whole
    }
  }

  /** Waits no longer than {@code limit} and {@code deadline}; whether {@code event} came, in whatever way. */
  private static boolean isDone(CompletableFuture<?> event, Duration limit, long deadline)
      throws InterruptedException {
    long wait = Math.min(limit.toNanos(), deadline - System.nanoTime());
    try {
      event.get(Math.max(0, wait), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  /** What is wrong with an answer before its body is read. */
  private static Optional<HttpFailure> flaw(ResponseInfo answer, int most) {
    HttpHeaders headers = answer.headers();
    List<String> lengths = headers.allValues("Content-Length");
    if (!lengths.stream().allMatch(text -> LENGTH.matcher(text).matches())) {
      return Optional.of(new HttpFailure.Broken("sent a malformed content-length"));
    }
    boolean framedTwice =
        !lengths.isEmpty() && headers.firstValue("Transfer-Encoding").isPresent();
    if (framedTwice || lengths.stream().distinct().count() > 1) { // RFC 9112 6.3
      return Optional.of(new HttpFailure.Broken("framed its answer in two ways"));
    }
    if (lengths.stream().anyMatch(text -> Long.parseLong(text) > most)) {
      return Optional.of(new HttpFailure.TooLarge(most));
    }
    return headers
        .firstValue("Content-Encoding")
        .filter(coding -> answer.statusCode() == 200 && !coding.equals("identity"))
        .map(coding -> new HttpFailure.Broken(
            "sent content-encoding \"" + coding + "\", which was not asked for"));
  }

  private static HttpFailure failure(Throwable fault, boolean begun) {
    List<Throwable> causes = Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
        .limit(MAX_CAUSES)
        .toList();
    return find(causes, HttpFailure.class)
        .or(() ->
            find(causes, UnresolvedAddressException.class).map(e -> new HttpFailure.UnknownHost()))
        .or(() -> find(causes, HttpConnectTimeoutException.class)
            .map(e -> new HttpFailure.TimedOut("no connection in time")))
        .or(() -> find(causes, NoRouteToHostException.class)
            .map(e -> new HttpFailure.Refused("no route to host")))
        .or(() -> find(causes, ConnectException.class)
            .map(e -> new HttpFailure.Refused("connection refused")))
        .or(() -> find(causes, SSLException.class).map(e -> new HttpFailure.Tls(message(e))))
        .or(() -> causes.stream()
            .filter(e -> !begun && (e instanceof EOFException || e instanceof SocketException))
            .findFirst()
            .map(e -> new HttpFailure.NoAnswer()))
        .orElseGet(() -> new HttpFailure.Broken((begun ? "broke off: " : "") + message(fault)));
  }

  private static <T extends Throwable> Optional<T> find(List<Throwable> causes, Class<T> type) {
    return causes.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static String message(Throwable fault) {
    return fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdown();
  }
}
