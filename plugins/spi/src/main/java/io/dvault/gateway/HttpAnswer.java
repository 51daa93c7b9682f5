package io.dvault.gateway;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP answer, read whole.
 *
 * @param headers by lower-case name, the first of each
 * @param body empty unless the status is 200; not copied
 * @param reusable the connection stands at the start of the next answer
 */
record HttpAnswer(int status, Map<String, String> headers, byte[] body, boolean reusable) {
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
