package io.dvault.plugin.tls;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.EntryAddress;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.Declaration;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.Fleet;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.SecretKind;
import io.dvault.spi.TypicalSize;
import io.dvault.yaml.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The trust that a tls {@code Authority} spreads by {@code trustedBy}: its roots in one file, as OpenSSL's -CAfile. */
final class TlsTrustKind implements SecretKind {
  /** Of the entries: declared as {@code kind: Authority}, but each type of authority has entries of its own. */
  static final String ENTRY = "TlsTrust";

  /** Trust is renewed so that a device away for good shows up; its end takes nothing away. */
  private static final Duration TTL = Duration.ofDays(365);

  private static final Duration RENEW_BEFORE = Duration.ofDays(90);
  private static final int TYPICAL = 450;

  @Override
  public String kind() {
    return "Authority";
  }

  @Override
  public Set<String> entryKinds() {
    return Set.of(ENTRY);
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    if (!declaration.spec().has("trustedBy")) {
      return List.of();
    }
    Fields trustedBy = declaration.spec().map("trustedBy");
    CborMap install = TlsFiles.ofTrust(trustedBy, declaration.name()).toInstall();
    var devices = fleet.select(trustedBy, "devices");
    List<AuthorityView> generations = fleet.trusted(declaration.name());
    if (generations.isEmpty()) {
      return List.of(); // without a key, and told off for it
    }
    CborMap spec = CborValue.of(Anchors.toSpec(generations));
    return devices.stream()
        .map(device -> new EntryTemplate(
            new EntryAddress(ENTRY, declaration.name(), device.name()),
            spec,
            install,
            TTL,
            RENEW_BEFORE,
            Renewal.RENEW,
            Optional.empty(),
            List.of(),
            false,
            trustedBy.position()))
        .toList();
  }

  @Override
  public TypicalSize typicalSize(EntryTemplate template) {
    return new TypicalSize(TYPICAL, TYPICAL);
  }

  @Override
  public Issued issue(IssueRequest request) {
    CborList anchors =
        (CborList) request.template().spec().find(Anchors.CERTIFICATES).orElseThrow();
    CborBytes newest = (CborBytes) anchors.items().getLast();
    return new Issued(CborValue.of(Map.of(Anchors.CERTIFICATES, anchors)), newest.value());
  }

  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    Certificate root = Certificate.parse(publicPart);
    return List.of(
        new Fact("trusts", root.subject().toString()),
        new Fact("key", root.publicKey().toString()),
        new Fact("until", root.validity().notAfter().toString()));
  }
}
