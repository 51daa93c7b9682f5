package io.dvault.store.kubo;

import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.spi.BlockStoreProvider;
import io.dvault.yaml.Fields;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * {@code {store: kubo, api: "http://127.0.0.1:5001", auth: "env:KUBO_AUTH"}}. {@code auth} refers to the whole value of
 * the Authorization header ({@code Bearer …}); it never stands in YAML.
 */
public final class KuboBlockStoreProvider implements BlockStoreProvider {
  private static final String DEFAULT_API = "http://127.0.0.1:5001";
  private final Map<String, String> environment;

  public KuboBlockStoreProvider() {
    this(System.getenv());
  }

  KuboBlockStoreProvider(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public String store() {
    return "kubo";
  }

  @Override
  public Opener configure(Fields settings, Path repository) {
    Optional<URI> api = api(settings);
    Optional<String> auth = settings.findString("auth");
    if (auth.isPresent() && !auth.get().matches("(env|file):.+")) {
      settings.errorWithoutSource(
          "auth",
          "DV425",
          "not a reference to a secret",
          "Put the value into the environment or a file, and refer to it: env:NAME or file:PATH.");
    }
    if (auth.isPresent() && api.isPresent() && !isPrivate(api.get())) {
      settings.errorWithoutSource(
          "auth",
          "DV426",
          "a secret would travel in the clear",
          "With \"auth\", use https, or http on this machine.");
    }
    return () -> KuboBlockStore.open(
        api.orElseThrow(() -> new IllegalStateException("opened in spite of findings")),
        auth.map(reference -> secret(reference, repository)));
  }

  private static Optional<URI> api(Fields settings) {
    String text = settings.findString("api").orElse(DEFAULT_API);
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && !uri.getPath().endsWith("/api/v0")) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      settings.errorWithoutSource(
          "api",
          "DV423",
          "not an address",
          e.getReason() + ". Use one like \"" + DEFAULT_API + "\".");
      return Optional.empty();
    }
    settings.errorWithoutSource(
        "api",
        "DV423",
        "not the address of a Kubo RPC API",
        "Use scheme, host and port, without /api/v0, user or query: \"" + DEFAULT_API + "\".");
    return Optional.empty();
  }

  private static boolean isPrivate(URI api) {
    String host = api.getHost();
    return api.getScheme().equals("https")
        || host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  private SecretBytes secret(String reference, Path repository) {
    String name = reference.substring(reference.indexOf(':') + 1);
    byte[] value =
        reference.startsWith("env:") ? fromEnvironment(name) : fromFile(repository.resolve(name));
    int length = value.length;
    while (length > 0 && Character.isWhitespace(value[length - 1])) {
      length--;
    }
    byte[] trimmed = Arrays.copyOf(value, length);
    Arrays.fill(value, (byte) 0);
    for (byte each : trimmed) {
      if (each < 0x20 || each > 0x7e) {
        throw unreadable(reference, "it holds characters that no header may have");
      }
    }
    if (trimmed.length == 0) {
      throw unreadable(reference, "it is empty");
    }
    return SecretBytes.owning(trimmed);
  }

  private byte[] fromEnvironment(String name) {
    String value = environment.get(name);
    if (value == null) {
      throw unreadable("env:" + name, "the variable is not set");
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] fromFile(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable("file:" + file, e.getClass().getSimpleName());
    }
  }

  private static DiagnosticException unreadable(String reference, String why) {
    return new DiagnosticException(Diagnostic.error(
        "DV425",
        "Kubo's access secret cannot be read",
        reference + ": " + why + ".",
        "Set it to the value of the Authorization header, like \"Bearer …\"."));
  }
}
