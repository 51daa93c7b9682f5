package io.dvault.registry;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import io.dvault.model.VaultSalt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A made-up vault for tests. */
final class Vaults {
  static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));
  static final VaultSalt SALT = new VaultSalt(Bytes32.sha256("salt"));
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String KIND = "SshCertificate";

  private Vaults() {}

  static DeviceId device(int number) {
    return DeviceId.ofRecipient("age1device" + number);
  }

  static EntryId entryId(int device, String name) {
    return EntryId.of(SALT, new EntryAddress(KIND, name, "device-" + device));
  }

  static EntryRecord entry(long generation) {
    return entry(KIND, generation, EntryStatus.ACTIVE);
  }

  static EntryRecord entry(String kind, long generation, EntryStatus status) {
    byte[] bytes = (kind + generation).getBytes(StandardCharsets.UTF_8);
    Optional<Cid> sealed =
        status == EntryStatus.ACTIVE ? Optional.of(Cid.of(Codec.RAW, bytes)) : Optional.empty();
    return new EntryRecord(
        generation,
        kind,
        SpecHash.of(SALT, bytes),
        sealed,
        CborValue.of(bytes),
        new Validity(NOW, NOW.plusSeconds(3600)),
        status,
        generation);
  }

  static DeviceEntry deviceEntry(int number, long generation) {
    return DeviceEntry.of(device(number), Map.of(entryId(number, "host"), entry(generation)));
  }

  static AuthorityId authority(String name) {
    return AuthorityId.of(SALT, name);
  }

  static AuthorityRecord generation(long generation, AuthorityStatus status) {
    return new AuthorityRecord(generation, "ssh", new byte[] {(byte) generation}, status, NOW);
  }

  static TreeMap<AuthorityId, List<AuthorityRecord>> authorities(AuthorityRecord... generations) {
    return new TreeMap<>(Map.of(authority("fleet"), List.of(generations)));
  }

  /** Builds epoch {@code epoch}, stores it, and opens it. */
  static Registry commit(MemoryBlockStore store, RegistryEditor editor, Optional<Registry> before) {
    long epoch = before.map(registry -> registry.root().epoch()).orElse(0L) + 1;
    RegistryEditor.Built built =
        editor.build(VAULT, epoch, before.map(Registry::cid), NOW.plusSeconds(epoch), COMMIT);
    built.newBlocks().forEach(store::add);
    return Registry.open(store, built.root(), VAULT);
  }

  /** Epoch 1 with {@code count} devices and one active authority. */
  static Registry first(MemoryBlockStore store, int count) {
    RegistryEditor editor =
        RegistryEditor.empty().authorities(authorities(generation(1, AuthorityStatus.ACTIVE)));
    for (int i = 0; i < count; i++) {
      editor.put(deviceEntry(i, 1));
    }
    return commit(store, editor, Optional.empty());
  }
}
