package io.dvault.demo;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a devnet said that it is: {@code .dvault/devnet.json}, and in words on its screen.
 *
 * @param chain {@code anvil 1.7.1}
 * @param contract its address, and whether its code is the published one
 */
record DevnetProcess(String chain, String contract, URI gateway) {
  static DevnetProcess parse(String json, String screen) {
    return new DevnetProcess(
        line(screen, "chain").replaceFirst(",.*", ""),
        line(screen, "contract"),
        URI.create(text(json, "gateway")));
  }

  private static String line(String screen, String part) {
    Matcher matcher = Pattern.compile("(?m)^ +" + part + " +(.+)$").matcher(screen);
    if (!matcher.find()) {
      throw new DemoFailure("the devnet did not print its " + part + ":\n" + screen);
    }
    return matcher.group(1);
  }

  private static String text(String json, String field) {
    Matcher matcher =
        Pattern.compile("\"" + field + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);
    if (!matcher.find()) {
      throw new DemoFailure("devnet.json has no " + field + ": " + json);
    }
    return matcher.group(1);
  }
}
