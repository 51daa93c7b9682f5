package io.dvault.devnet;

import io.dvault.ledger.EvmAddress;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Where a devnet is: what {@code dvault init --devnet} reads from {@code .dvault/devnet.json}.
 *
 * @param blocks the folder that the gateway serves
 */
public record DevnetInfo(URI rpc, long chainId, EvmAddress contract, URI gateway, Path blocks) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Path file(Path folder) {
    return folder.resolve(".dvault/devnet.json");
  }

  void write(Path folder) {
    byte[] json = JSON.writerWithDefaultPrettyPrinter()
        .writeValueAsBytes(JSON.createObjectNode()
            .put("rpc", rpc.toString())
            .put("chainId", chainId)
            .put("contract", contract.toString())
            .put("gateway", gateway.toString())
            .put("blocks", blocks.toString()));
    try {
      Path file = file(folder);
      Files.createDirectories(file.getParent());
      Path next = Files.createTempFile(file.getParent(), ".devnet-", ".json");
      Files.write(next, json);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void forget(Path folder) {
    try {
      Files.deleteIfExists(file(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Empty when no devnet was started in {@code folder}; DV705 when its file is damaged. */
  public static Optional<DevnetInfo> find(Path folder) {
    Path file = file(folder);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      return Optional.of(new DevnetInfo(
          URI.create(json.required("rpc").asString()),
          json.required("chainId").asLong(),
          EvmAddress.parse(json.required("contract").asString()),
          URI.create(json.required("gateway").asString()),
          Path.of(json.required("blocks").asString())));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new DiagnosticException(Diagnostic.error(
          "DV705",
          "the devnet's file cannot be read",
          file + " is damaged.",
          "Remove it and start `dvault devnet` again."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
