package io.dvault.plugin.ssh;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.model.Bytes32;
import io.dvault.model.Durations;
import io.dvault.model.EntryAddress;
import io.dvault.model.SecretBytes;
import io.dvault.spi.Declaration;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.Fleet;
import io.dvault.spi.InstallTarget;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.Lifetime;
import io.dvault.spi.SecretKind;
import io.dvault.spi.TypicalSize;
import io.dvault.yaml.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code SshKey}: a key pair for each device, and, where {@code authorizedOn} says so, the public
 * parts of all of them in
 * the authorized_keys of other devices (entries {@code AuthorizedKeys/name@target}). No authority takes part.
 */
public final class SshKeyKind implements SecretKind {
  static final String KIND = "SshKey";
  /**
   * Bytes of an Ed25519 private key as OpenSSH writes it, of a line with its public key, and of
   * that key's wire form.
   */
  static final int PEM_SIZE = 420;

  static final int LINE_SIZE = 115;
  static final int BLOB_SIZE = 51;
  static final String AUTHORIZED = "AuthorizedKeys";

  /** In {@code install}: how long a holder goes on with the key before, so that every target has the new one. */
  static final String OVERLAP = "overlap";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<String> entryKinds() {
    return Set.of(KIND, AUTHORIZED);
  }

  @Override
  public Set<String> wayInKinds() {
    return Set.of(AUTHORIZED);
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    Fields spec = declaration.spec();
    String algorithm = spec.choice("algorithm", "ed25519", List.of("ed25519"));
    Lifetime lifetime = Lifetime.read(spec, fleet);
    InstallTarget target = InstallTarget.read(spec);
    boolean protect = spec.bool("protect", false);
    CborMap canonical = CborValue.of(Map.of(
        "algorithm", CborValue.of(algorithm), "ttl", CborValue.of(lifetime.ttl().toSeconds())));
    Map<String, CborValue> where = new LinkedHashMap<>(target.toMap());
    if (spec.has("authorizedOn")) {
      where.put(OVERLAP, CborValue.of(Durations.exact(overlap(fleet.pollInterval()))));
    }
    CborMap install = CborValue.of(where);
    List<EntryTemplate> templates = new ArrayList<>();
    List<EntryAddress> holders = new ArrayList<>();
    for (DeviceView device : fleet.select(spec, "devices")) {
      EntryAddress address = new EntryAddress(KIND, declaration.name(), device.name());
      holders.add(address);
      templates.add(new EntryTemplate(
          address,
          canonical,
          install,
          lifetime.ttl(),
          lifetime.renewBefore(),
          Renewal.RENEW,
          Optional.empty(),
          List.of(),
          protect,
          spec.position()));
    }
    if (spec.has("authorizedOn")) {
      authorized(declaration, fleet, lifetime, holders, protect, templates);
    }
    return templates;
  }

  private static void authorized(
      Declaration declaration,
      Fleet fleet,
      Lifetime lifetime,
      List<EntryAddress> holders,
      boolean protect,
      List<EntryTemplate> templates) {
    Fields where = declaration.spec().map("authorizedOn");
    String account = SshAlphabet.account(where, "account");
    String options = SshAlphabet.lineOptions(where);
    Map<String, CborValue> install = new LinkedHashMap<>();
    install.put("account", CborValue.of(account));
    install.put("options", CborValue.of(options));
    CborMap spec = CborValue.of(Map.of(
        "ttl",
        CborValue.of(lifetime.ttl().toSeconds()),
        "holders",
        Material.list(holders.stream().map(EntryAddress::toString).toList())));
    for (DeviceView device : fleet.select(where, "devices")) {
      templates.add(new EntryTemplate(
          new EntryAddress(AUTHORIZED, declaration.name(), device.name()),
          spec,
          CborValue.of(install),
          lifetime.ttl(),
          lifetime.renewBefore(),
          Renewal.RENEW,
          Optional.empty(),
          holders,
          protect,
          where.position()));
    }
  }

  /**
   * Each target looks within a tenth more than one interval; twice that leaves it time to fetch.
   * docs/requirements.md O7.
   */
  private static Duration overlap(Duration poll) {
    return Duration.ofSeconds(Math.ceilDiv(poll.toMillis() * 9, 4_000L));
  }

  @Override
  public Optional<String> keyType(EntryTemplate template) {
    return Optional.of(SshPublicKey.ED25519);
  }

  @Override
  public TypicalSize typicalSize(EntryTemplate template) {
    int address = template.address().toString().length();
    return template.address().kind().equals(AUTHORIZED)
        ? new TypicalSize(6 + template.peers().size() * (LINE_SIZE + address), 0)
        : new TypicalSize(PEM_SIZE + LINE_SIZE + address, BLOB_SIZE);
  }

  @Override
  public Issued issue(IssueRequest request) {
    return request.address().kind().equals(AUTHORIZED)
        ? issueAuthorized(request)
        : issueKey(request);
  }

  private static Issued issueKey(IssueRequest request) {
    try (SshKeyPair pair = SshKeyPair.generate(request.random());
        SecretBytes pem = pair.toPem()) {
      CborMap material = CborValue.of(Map.of(
          Material.PRIVATE_KEY, CborValue.of(pem.borrow()),
          Material.PUBLIC_KEY, CborValue.of(pair.publicKey().line() + " " + request.address())));
      return new Issued(material, pair.publicKey().blob());
    }
  }

  private static Issued issueAuthorized(IssueRequest request) {
    SortedMap<String, Instant> lines = new TreeMap<>();
    request
        .peers()
        .forEach((holder, parts) -> parts.forEach(part -> lines.merge(
            SshPublicKey.ofBlob(part.publicPart()).line() + " " + holder,
            part.notAfter(),
            SshKeyKind::later)));
    return new Issued(CborValue.of(Map.of(Material.KEYS, Material.timedKeys(lines))), new byte[0]);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  @Override
  public Set<Bytes32> keys(String entryKind, byte[] publicPart) {
    return publicPart.length == 0 ? Set.of() : Set.of(Bytes32.sha256(publicPart));
  }

  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    return publicPart.length == 0
        ? List.of()
        : List.of(new Fact("key", SshPublicKey.ofBlob(publicPart).toString()));
  }

  static String textOf(CborMap map, String key) {
    return map.find(key).map(value -> ((CborText) value).value()).orElse("");
  }
}
