package io.dvault.plugin.tls;

import io.dvault.cbor.CborValue;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.SecretBytes;
import io.dvault.model.Validity;
import io.dvault.model.VaultSalt;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.Declaration;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.Fleet;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.SecretKind;
import io.dvault.yaml.Fields;
import io.dvault.yaml.Findings;
import io.dvault.yaml.YamlFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests as engine and agent make them, for two devices and one authority. */
final class Requests {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Instant NOW = Instant.ofEpochSecond(Instant.now().getEpochSecond());
  static final Validity AN_HOUR = new Validity(NOW.minusSeconds(60), NOW.plus(Duration.ofHours(1)));
  private static final VaultSalt SALT = new VaultSalt(Bytes32.sha256("test"));

  private Requests() {}

  static AuthorityKey authority(String algorithm, long generation, Instant now) {
    TlsAuthorityType type = new TlsAuthorityType();
    try (SecretBytes secret =
        type.generate(algorithm, "services." + generation, now, RANDOM).privatePart()) {
      return type.open("services", generation, secret);
    }
  }

  static AuthorityKey authority() {
    return authority("ecdsa-p256", 1, NOW);
  }

  /** Devices web-1 and web-2, or those that are named, and the authority {@code services} with its generations. */
  record TwoDevices(List<AuthorityView> generations) implements Fleet {
    @Override
    public List<DeviceView> select(Fields spec, String key) {
      return spec.map(key).strings("names").stream()
          .map(name -> new DeviceView(name, new DeviceId(Bytes32.sha256(name)), Map.of()))
          .toList();
    }

    @Override
    public Optional<AuthorityView> authority(Fields spec, String key, String type) {
      return spec.findString(key).map(name -> generations.getFirst());
    }

    @Override
    public List<AuthorityView> authorities(String type) {
      return generations;
    }

    @Override
    public List<AuthorityView> trusted(String authority) {
      return generations;
    }
  }

  static List<EntryTemplate> expand(
      SecretKind kind, String yaml, Findings findings, AuthorityKey... generations) {
    YamlFields fields = YamlFields.parse("tls.yaml", yaml, findings);
    List<AuthorityView> views =
        Arrays.stream(generations).map(AuthorityKey::authority).toList();
    String name = kind.kind().equals("Authority") ? "services" : "web";
    List<EntryTemplate> templates =
        kind.expand(new Declaration(kind.kind(), name, Map.of(), fields), new TwoDevices(views));
    fields.finish();
    return templates;
  }

  static IssueRequest issue(EntryTemplate template, Validity validity, AuthorityKey authority) {
    return new IssueRequest(
        template,
        EntryId.of(SALT, template.address()),
        1,
        validity,
        42,
        template.authority().map(name -> authority),
        Map.of(),
        reference -> {
          throw new IllegalStateException("no source is read here: " + reference);
        },
        RANDOM);
  }

  static InstallRequest install(
      EntryTemplate template, Issued issued, AuthorityStatus status, AuthorityKey... authorities) {
    return new InstallRequest(
        template.address(),
        1,
        AN_HOUR,
        issued.material(),
        CborValue.of(template.install().entries()),
        Arrays.stream(authorities)
            .map(key -> new AuthorityRecord(
                key.authority().generation(), "tls", key.authority().publicPart(), status, NOW))
            .toList());
  }

  /** Writes placed files side by side; by name. */
  static Path write(Path folder, List<PlacedFile> files) throws IOException {
    for (PlacedFile file : files) {
      Files.write(
          folder.resolve(Path.of(file.path()).getFileName()), file.content().borrow());
    }
    return folder;
  }
}
