package io.dvault.converge;

import io.dvault.bundle.Identity;
import io.dvault.bundle.Payload;
import io.dvault.bundle.SealedBundle;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.dag.BlockSource;
import io.dvault.dag.BlockUnavailableException;
import io.dvault.disk.RefusedException;
import io.dvault.install.Device;
import io.dvault.install.InstalledEntry;
import io.dvault.install.InstalledEntry.HeldFile;
import io.dvault.install.Problem;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import io.dvault.model.VaultId;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.DeviceRules;
import io.dvault.registry.EntryRecord;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Installer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fetches, opens and checks one entry; what is wrong with one says nothing of the others. */
final class EntryOpener {
  private final VaultId vault;
  private final DeviceId own;
  private final Identity identity;
  private final BlockSource blocks;
  private final List<Installer> installers;
  private final Device device;

  EntryOpener(
      VaultId vault,
      Identity identity,
      BlockSource blocks,
      List<Installer> installers,
      Device device) {
    this.vault = vault;
    this.own = identity.recipient().deviceId();
    this.identity = identity;
    this.blocks = blocks;
    this.installers = List.copyOf(installers);
    this.device = device;
  }

  /** The authorities, all generations, and the rules of the followed root. */
  record Root(List<AuthorityRecord> authorities, DeviceRules rules) {}

  /** What opening came to. */
  sealed interface Result {
    /**
     * Ready to be staged.
     *
     * @param contents by path, closed by whoever takes it
     * @param overlap how long the generation before stays in use
     */
    record Ready(InstalledEntry held, Map<String, SecretBytes> contents, Duration overlap)
        implements Result {
      void wipe() {
        contents.values().forEach(SecretBytes::close);
      }
    }

    /** @param passing whether another try may do better without anything new */
    record Failed(Problem problem, boolean passing) implements Result {}
  }

  /**
   * @param epoch of the followed root: nothing in it was issued later
   * @param root what the followed root says beside the device
   */
  Result open(EntryId entry, EntryRecord record, long epoch, Root root) {
    try {
      RuleCheck.require(record, root.rules());
    } catch (RefusedException e) {
      return failed(e.code(), entry, record, e.getMessage(), false);
    }
    byte[] file;
    try {
      file = blocks.get(record.sealed().orElseThrow()).bytes();
    } catch (BlockUnavailableException e) {
      return failed("DV530", entry, record, e.getMessage(), true);
    }
    SealedBundle.Expected expected = new SealedBundle.Expected(
        vault, own, entry, record.generation(), record.validity(), record.kind(), epoch);
    return switch (SealedBundle.open(file, identity, expected)) {
      case SealedBundle.Result.Opened opened -> {
        try {
          yield install(entry, record, opened.payload(), root);
        } finally {
          opened.payload().wipe(); // installers have copied what they place
        }
      }
      case SealedBundle.Result.NotForUs n ->
        failed("DV532", entry, record, "it is sealed to another device", false);
      case SealedBundle.Result.Malformed m -> failed("DV532", entry, record, m.reason(), false);
      case SealedBundle.Result.Misplaced m ->
        failed(
            "DV533",
            entry,
            record,
            "its " + m.field() + " is " + m.actual() + ", expected " + m.expected(),
            false);
    };
  }

  private Result install(EntryId entry, EntryRecord record, Payload payload, Root root) {
    Optional<Installer> installer = installers.stream()
        .filter(each -> each.entryKinds().contains(record.kind()))
        .findFirst();
    if (installer.isEmpty()) {
      return failed("DV534", entry, record, "this agent has no plugin for " + record.kind(), false);
    }
    String subject = record.kind() + " " + entry.bytes().abbreviated();
    try {
      EntryAddress address = address(payload);
      subject = address.toString();
      Installation installation = installer
          .get()
          .install(new InstallRequest(
              address,
              record.generation(),
              record.validity(),
              payload.material(),
              payload.install(),
              root.authorities()));
      Result.Ready ready = ready(entry, record, address, installation);
      boolean allowed = false;
      try {
        RuleCheck.require(installation, root.rules());
        device.bounds().require(installation);
        device.requireFolders(ready.held().files());
        allowed = true;
        return ready;
      } finally {
        if (!allowed) {
          ready.wipe();
        }
      }
    } catch (InstallException e) {
      return new Result.Failed(
          new Problem("DV534", Optional.of(entry), subject, e.getMessage()), false);
    } catch (RefusedException e) {
      return new Result.Failed(
          new Problem(e.code(), Optional.of(entry), subject, e.getMessage()), false);
    } catch (
        RuntimeException e) { // a plugin's bug must not keep the other entries from being installed
      return new Result.Failed(
          new Problem(
              "DV534",
              Optional.of(entry),
              subject,
              "the plugin failed: " + e.getClass().getName()),
          false);
    }
  }

  private static EntryAddress address(Payload payload) throws InstallException {
    CborValue text = payload
        .install()
        .find("address")
        .or(() -> payload.install().find("name"))
        .orElse(CborValue.NULL);
    try {
      if (text instanceof CborText given) {
        EntryAddress address = EntryAddress.parse(given.value());
        if (address.kind().equals(payload.kind())) {
          return address;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new InstallException("its address is malformed: " + e.getMessage());
    }
    throw new InstallException("it names no address of kind " + payload.kind());
  }

  private static Result.Ready ready(
      EntryId entry, EntryRecord record, EntryAddress address, Installation installation) {
    Map<String, SecretBytes> contents = new HashMap<>();
    List<HeldFile> files = new ArrayList<>();
    for (PlacedFile file : installation.files()) {
      contents.put(file.path(), file.content());
      files.add(new HeldFile(
          file.path(), file.mode(), file.owner(), Bytes32.sha256(file.content().borrow())));
    }
    InstalledEntry held = new InstalledEntry(
        entry,
        record.generation(),
        address,
        record.validity(),
        installation.atEnd(),
        installation.action(),
        files,
        installation.authorizedKeys());
    return new Result.Ready(held, contents, installation.overlap());
  }

  private static Result.Failed failed(
      String code, EntryId entry, EntryRecord record, String why, boolean passing) {
    String subject = record.kind() + " " + entry.bytes().abbreviated();
    return new Result.Failed(new Problem(code, Optional.of(entry), subject, why), passing);
  }
}
