package io.dvault.gateway;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.net.URI;
import java.net.URISyntaxException;

/** Base addresses of trustless gateways: what comes before {@code /ipfs/}. */
public final class GatewayUrl {
  private static final String EXAMPLE =
      "Use the address that comes before /ipfs/, like \"https://trustless-gateway.link\".";

  private GatewayUrl() {}

  /** Reads what a user wrote; throws a {@link DiagnosticException} (DV403) for what no gateway can have. */
  public static URI parse(String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (!http || uri.getHost() == null) {
        throw refuse(text, "It is not an http or https address.");
      }
      if (uri.getRawUserInfo() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        throw refuse(text, "It has more than scheme, host, port and path.");
      }
      if (uri.getPath().endsWith("/ipfs")) {
        throw refuse(text, "It ends in /ipfs, which is added by dVault.");
      }
      if (uri.getPort() > 65_535) {
        throw refuse(text, "It has a port over 65535.");
      }
      return uri;
    } catch (URISyntaxException e) {
      throw refuse(text, "It is not an address: " + e.getReason() + ".");
    }
  }

  private static DiagnosticException refuse(String text, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV403", "not a gateway address", GatewayFault.quoted(text) + ": " + why, EXAMPLE));
  }
}
