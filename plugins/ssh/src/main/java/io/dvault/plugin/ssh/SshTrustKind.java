package io.dvault.plugin.ssh;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.EntryAddress;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.Declaration;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.Fleet;
import io.dvault.spi.InstallTarget;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.SecretKind;
import io.dvault.yaml.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The trust that an ssh {@code Authority} spreads by {@code trustedBy}: its public key as TrustedUserCAKeys and as a
 * {@code @cert-authority} line. The engine's core reads the rest of the kind.
 */
final class SshTrustKind implements SecretKind {
  static final String KIND = "Authority";
  private static final Pattern HOSTS = Pattern.compile("[A-Za-z0-9*?][A-Za-z0-9.*?:_-]{0,254}");
  /** Trust is renewed so that a device away for good shows up; sshd itself knows no end of a CA key. */
  private static final Duration TTL = Duration.ofDays(365);

  private static final Duration RENEW_BEFORE = Duration.ofDays(90);

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<String> wayInKinds() {
    return Set.of(KIND);
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    if (!declaration.spec().has("trustedBy")) {
      return List.of();
    }
    Fields trustedBy = declaration.spec().map("trustedBy");
    InstallTarget target = InstallTarget.read(trustedBy);
    List<String> hosts = trustedBy.has("hosts") ? trustedBy.strings("hosts") : List.of("*");
    for (String host : hosts) {
      if (!HOSTS.matcher(host).matches()) {
        trustedBy.error(
            "hosts",
            "DV140",
            "not a host pattern",
            "\"" + host + "\": write a name or a pattern, *.fleet.example.");
      }
    }
    List<DeviceView> devices = fleet.select(trustedBy, "devices");
    Optional<AuthorityView> self = fleet.authorities("ssh").stream()
        .filter(view -> view.name().equals(declaration.name()))
        .findFirst();
    if (self.isEmpty()) {
      return List.of();
    }
    String key = SshPublicKey.ofBlob(self.get().publicPart()).line();
    CborMap spec = CborValue.of(Map.of(
        Material.KEYS,
        Material.list(List.of(key)),
        Material.HOSTS,
        CborValue.of(String.join(",", hosts))));
    Map<String, CborValue> install = new LinkedHashMap<>(target.toMap());
    List<EntryTemplate> templates = new ArrayList<>();
    for (DeviceView device : devices) {
      templates.add(new EntryTemplate(
          new EntryAddress(KIND, declaration.name(), device.name()),
          spec,
          CborValue.of(install),
          TTL,
          RENEW_BEFORE,
          Renewal.RENEW,
          Optional.empty(),
          List.of(),
          false,
          trustedBy.position()));
    }
    return templates;
  }

  @Override
  public Issued issue(IssueRequest request) {
    CborMap spec = request.template().spec();
    CborValue keys = spec.find(Material.KEYS).orElseThrow();
    CborValue hosts = spec.find(Material.HOSTS).orElseThrow();
    SshPublicKey first =
        SshPublicKey.parse(((CborValue.CborText) ((CborList) keys).items().getFirst()).value());
    return new Issued(
        CborValue.of(Map.of(Material.KEYS, keys, Material.HOSTS, hosts)), first.blob());
  }

  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    return List.of(new Fact("trusts", SshPublicKey.ofBlob(publicPart).toString()));
  }
}
