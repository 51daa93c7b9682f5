package io.dvault.cli;

import io.dvault.cbor.MalformedCborException;
import io.dvault.config.DeviceDeclaration;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.DeviceId;
import io.dvault.model.VaultId;
import io.dvault.receipt.Receipt;
import io.dvault.receipt.SignedReceipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The newest genuine receipt of each device in a folder.
 *
 * @param refused files that are no receipt of a device here, and why (SECURITY T34)
 */
record Receipts(Map<DeviceId, Receipt> newest, List<String> refused) {
  private static final int MAX_FILES = 1_000_000;
  private static final int MAX_DEPTH = 3;

  static Receipts read(Path folder, VaultId vault, Collection<DeviceDeclaration> devices) {
    Map<DeviceId, DeviceDeclaration> byId =
        devices.stream().collect(Collectors.toMap(DeviceDeclaration::id, Function.identity()));
    Map<DeviceId, Receipt> newest = new HashMap<>();
    List<String> refused = new ArrayList<>();
    for (Path file : files(folder)) {
      Optional<String> fault = read(file, vault, byId, newest);
      fault.ifPresent(why -> refused.add(folder.relativize(file) + ": " + why));
    }
    return new Receipts(newest, refused);
  }

  Optional<Receipt> find(DeviceDeclaration device) {
    return Optional.ofNullable(newest.get(device.id()));
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      if (folder.endsWith(".dvault/receipts")) {
        return List.of(); // nobody set anything up yet
      }
      throw new DiagnosticException(Diagnostic.error("DV905", "there is no such folder for receipts",
          folder + " is missing. --receipts names the folder where receipts of devices arrive."));
    }
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      return files.filter(Files::isRegularFile).limit(MAX_FILES).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The reason why the file does not count, if it does not. */
  private static Optional<String> read(
      Path file, VaultId vault, Map<DeviceId, DeviceDeclaration> devices, Map<DeviceId, Receipt> newest) {
    try {
      if (Files.size(file) > SignedReceipt.MAX_LENGTH) {
        return Optional.of("too long for a receipt");
      }
      SignedReceipt signed = SignedReceipt.decode(Files.readAllBytes(file));
      Receipt receipt = signed.claim();
      DeviceDeclaration device = devices.get(receipt.device());
      if (device == null || !receipt.vault().equals(vault)) {
        return Optional.of("of a device or vault that is not declared here");
      }
      if (!signed.isBy(device.signer())) {
        return Optional.of("not signed by " + device.name());
      }
      newest.merge(receipt.device(), receipt, (a, b) -> a.at().isAfter(b.at()) ? a : b);
      return Optional.empty();
    } catch (MalformedCborException e) {
      return Optional.of("no receipt: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
