package io.dvault.workflow;

import io.dvault.cbor.MalformedCborException;
import io.dvault.desired.DeviceDeclaration;
import io.dvault.model.DeviceId;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.VaultId;
import io.dvault.receipt.Receipt;
import io.dvault.receipt.SignedReceipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The newest genuine receipt of each device in a folder. A second look reads only what changed since.
 */
public final class Receipts {
  private static final int MAX_FILES = 1_000_000;
  private static final int MAX_DEPTH = 3;

  private final Path folder;
  private final VaultId vault;
  private final Map<DeviceId, DeviceDeclaration> devices;
  private final Map<DeviceId, Receipt> newest = new HashMap<>();
  private final Map<Path, Stamp> seen = new HashMap<>();
  private final Map<Path, String> refused = new TreeMap<>();

  /** What a file that was replaced, or written anew, has another one of. */
  private record Stamp(FileTime modified, long size, Optional<Object> key) {
    static Stamp of(BasicFileAttributes attributes) {
      return new Stamp(
          attributes.lastModifiedTime(),
          attributes.size(),
          Optional.ofNullable(attributes.fileKey()));
    }
  }

  /** @param devices whose enrolment holds, or DV031: their signers say whose receipt is genuine */
  Receipts(Path folder, VaultId vault, Collection<DeviceDeclaration> devices) {
    Enrolments.require(vault, devices);
    this.folder = folder;
    this.vault = vault;
    this.devices =
        devices.stream().collect(Collectors.toMap(DeviceDeclaration::id, Function.identity()));
  }

  public static Receipts read(Path folder, VaultId vault, Collection<DeviceDeclaration> devices) {
    Receipts receipts = new Receipts(folder, vault, devices);
    receipts.look();
    return receipts;
  }

  public Optional<Receipt> find(DeviceDeclaration device) {
    return Optional.ofNullable(newest.get(device.id()));
  }

  /** Files that are no receipt of a device here, and why (docs/threat-model.md T34). */
  public List<String> refused() {
    List<String> words = new ArrayList<>();
    refused.forEach((file, why) -> words.add(folder.relativize(file) + ": " + why));
    return words;
  }

  /** Throws DV905 when there is no such folder. */
  static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new DiagnosticException(Diagnostic.error(
          "DV905",
          "the receipts folder does not exist",
          folder + " does not exist. Set --receipts to the folder with receipts of devices."));
    }
  }

  /** Reads what came since the last look. */
  void look() {
    if (!Files.isDirectory(folder) && folder.endsWith(".dvault/receipts")) {
      return; // nobody set anything up yet
    }
    requireFolder(folder);
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      for (Path file : files.limit(MAX_FILES).sorted().toList()) {
        look(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void look(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Stamp stamp = Stamp.of(attributes);
      if (attributes.isRegularFile() && !stamp.equals(seen.put(file, stamp))) {
        refused.remove(file);
        read(file).ifPresent(why -> refused.put(file, why));
      }
    } catch (NoSuchFileException e) {
      seen.remove(file); // it is being replaced: the next look finds what takes its place
    }
  }

  /** The reason why the file does not count, if it does not. */
  private Optional<String> read(Path file) throws IOException {
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
    }
  }
}
