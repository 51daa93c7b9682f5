package io.dvault.demo;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a devnet said that it is: {@code .dvault/devnet.json}. */
record Devnet(URI rpc, String contract, URI gateway) {
  static Devnet parse(String json) {
    return new Devnet(URI.create(text(json, "rpc")), text(json, "contract"), URI.create(text(json, "gateway")));
  }

  private static String text(String json, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\"\\s*:\\s*\"([^\"\\\\]*)\"").matcher(json);
    if (!matcher.find()) {
      throw new DemoFailure("devnet.json has no " + field + ": " + json);
    }
    return matcher.group(1);
  }
}
