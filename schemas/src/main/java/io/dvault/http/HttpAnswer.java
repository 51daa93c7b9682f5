package io.dvault.http;

import java.net.http.HttpHeaders;
import java.util.Optional;

/**
 * One HTTP answer, read whole.
 *
 * @param body at most as long as the limits allowed; belongs to the receiver
 */
public record HttpAnswer(int status, HttpHeaders headers, byte[] body) {
  /** The first header of that name, in any case. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }
}
