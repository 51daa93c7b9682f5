package io.dvault.ledger.evm;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Carries one JSON-RPC request and its whole answer. */
interface Transport {
  /**
   * @param timeout for everything from connecting to the last byte
   * @throws IOException also when the answer is larger than {@link UrlConnectionTransport#MAX_ANSWER} or too slow
   */
  Answer post(URI url, byte[] json, Duration timeout) throws IOException;

  /**
   * @param contentType as the server wrote it, or empty
   * @param retryAfter seconds from the header of that name, 0 when there is none
   */
  record Answer(int status, String contentType, long retryAfter, byte[] body) {}
}
