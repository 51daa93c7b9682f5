package io.dvault.plugin.ssh;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SourcePosition;
import io.dvault.model.Validity;
import io.dvault.model.VaultSalt;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.PeerPart;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests as engine and agent make them, with a fresh authority. */
final class Requests {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Instant NOW = Instant.ofEpochSecond(Instant.now().getEpochSecond());
  static final Validity AN_HOUR = new Validity(NOW.minusSeconds(60), NOW.plus(Duration.ofHours(1)));
  private static final VaultSalt SALT = new VaultSalt(Bytes32.sha256("test"));

  private Requests() {}

  static AuthorityKey authority(String name) {
    SshAuthorityType type = new SshAuthorityType();
    return type.open(name, 1, type.generate("ed25519", name, NOW, RANDOM).privatePart());
  }

  static IssueRequest issue(EntryAddress address, CborMap spec, Optional<AuthorityKey> authority) {
    return issue(address, spec, authority, Map.of());
  }

  static IssueRequest issue(
      EntryAddress address,
      CborMap spec,
      Optional<AuthorityKey> authority,
      Map<EntryAddress, List<PeerPart>> peers) {
    EntryTemplate template = new EntryTemplate(
        address,
        spec,
        CborValue.of(Map.of()),
        Duration.ofHours(1),
        Duration.ofMinutes(10),
        Renewal.RENEW,
        authority.map(key -> key.authority().name()),
        List.copyOf(peers.keySet()),
        false,
        new SourcePosition("test.yaml", 1, 1));
    return new IssueRequest(
        template,
        EntryId.of(SALT, address),
        1,
        AN_HOUR,
        42,
        authority,
        peers,
        reference -> {
          throw new IllegalStateException("no source is read here: " + reference);
        },
        RANDOM);
  }

  static CborMap certificateSpec(String type, List<String> principals) {
    return CborValue.of(Map.of(
        "type", CborValue.of(type),
        "authority", CborValue.of("fleet-ssh"),
        "ttl", CborValue.of(3600),
        "principals", Material.list(principals),
        "extensions",
            Material.list(
                type.equals("user") ? List.of("permit-pty", "permit-agent-forwarding") : List.of()),
        "critical", CborValue.of(Map.of())));
  }

  static CborMap installIn(String path) {
    return CborValue.of(Map.of("path", CborValue.of(path)));
  }

  static InstallRequest install(
      EntryAddress address, Issued issued, CborMap install, AuthorityKey... authorities) {
    return new InstallRequest(
        address,
        1,
        AN_HOUR,
        issued.material(),
        install,
        java.util.Arrays.stream(authorities)
            .map(key -> new AuthorityRecord(
                1, "ssh", key.authority().publicPart(), AuthorityStatus.ACTIVE, NOW))
            .toList());
  }
}
