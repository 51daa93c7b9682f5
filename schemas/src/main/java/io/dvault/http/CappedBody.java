package io.dvault.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Collects a body up to a number of bytes; over it, lets go of what came and ends the connection. */
final class CappedBody implements BodySubscriber<byte[]> {
  private static final int FIRST_BUFFER = 8 << 10;
  private final int most;
  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private Flow.Subscription subscription;
  private byte[] bytes = {};
  private volatile int length;

  CappedBody(int most) {
    this.most = most;
  }

  /** Bytes that have come so far. */
  int length() {
    return length;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return result;
  }

  /** Fails without reading; before the body begins. */
  void refuse(HttpFailure why) {
    result.completeExceptionally(why);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (result.isDone()) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> items) {
    for (ByteBuffer item : items) {
      int count = item.remaining();
      if (count > most - length) {
        bytes = new byte[0];
        subscription.cancel();
        result.completeExceptionally(new HttpFailure.TooLarge(most));
        return;
      }
      grow(length + count);
      item.get(bytes, length, count);
      int sum = length + count; // by one thread at a time
      length = sum;
    }
    subscription.request(1);
  }

  /** To a few times what has come, never to what a header announces. */
  private void grow(int needed) {
    if (needed > bytes.length) {
      long roomy = Math.max(FIRST_BUFFER, bytes.length * 4L);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(roomy, most)));
    }
  }

  @Override
  public void onError(Throwable fault) {
    bytes = new byte[0];
    result.completeExceptionally(
        new HttpFailure.Broken("broke off after " + length + " bytes: " + fault.getMessage()));
  }

  @Override
  public void onComplete() {
    result.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }
}
