package io.dvault.plugin.ssh;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.spi.Declaration;
import io.dvault.spi.DeviceView;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.Fleet;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.Lifetime;
import io.dvault.spi.SecretKind;
import io.dvault.spi.TypicalSize;
import io.dvault.yaml.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code Grant}: one person's public key in one account of some devices, for a time, with a reason. */
public final class GrantKind implements SecretKind {
  static final String KIND = "Grant";
  private static final int LONGEST_REASON = 256;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Set<String> onceKinds() {
    return Set.of(KIND);
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    Fields spec = declaration.spec();
    String line = spec.requireString(Material.PUBLIC_KEY);
    Optional<SshPublicKey> key = Optional.empty();
    if (!line.isEmpty()) {
      try {
        key = Optional.of(SshPublicKey.parse(line));
      } catch (IllegalArgumentException e) {
        spec.error(Material.PUBLIC_KEY, "DV131", "not an SSH public key", e.getMessage() + ".");
      }
    }
    String account = SshAlphabet.account(spec, "account");
    Duration ttl = Lifetime.readTtl(spec, fleet);
    String reason = spec.requireString("reason");
    if (reason.length() > LONGEST_REASON) {
      spec.error(
          "reason",
          "DV139",
          "reason too long",
          "At most " + LONGEST_REASON + " characters: name the ticket.");
    }
    String options = SshAlphabet.lineOptions(spec);
    boolean protect = spec.bool("protect", false);
    List<DeviceView> devices = fleet.select(spec, "devices");
    if (key.isEmpty()) {
      return List.of();
    }
    CborMap canonical = CborValue.of(Map.of(
        Material.PUBLIC_KEY,
        CborValue.of(key.get().line()),
        "comment",
        CborValue.of(key.get().comment()),
        "ttl",
        CborValue.of(ttl.toSeconds()),
        "reason",
        CborValue.of(reason)));
    Map<String, CborValue> install = new LinkedHashMap<>();
    install.put("account", CborValue.of(account));
    install.put("options", CborValue.of(options));
    List<EntryTemplate> templates = new ArrayList<>();
    for (DeviceView device : devices) {
      templates.add(new EntryTemplate(
          new EntryAddress(KIND, declaration.name(), device.name()),
          canonical,
          CborValue.of(install),
          ttl,
          Duration.ZERO,
          Renewal.ONCE,
          Optional.empty(),
          List.of(),
          protect,
          spec.position()));
    }
    return templates;
  }

  @Override
  public Optional<String> keyType(EntryTemplate template) {
    return Optional.of(SshKeyKind.textOf(template.spec(), Material.PUBLIC_KEY))
        .map(line -> line.split(" ")[0]);
  }

  @Override
  public TypicalSize typicalSize(EntryTemplate template) {
    return new TypicalSize(
        SshKeyKind.LINE_SIZE + template.address().toString().length(), SshKeyKind.BLOB_SIZE);
  }

  @Override
  public Issued issue(IssueRequest request) {
    CborMap spec = request.template().spec();
    SshPublicKey key = SshPublicKey.parse(SshKeyKind.textOf(spec, Material.PUBLIC_KEY));
    String line = key.line() + " " + request.address();
    return new Issued(
        CborValue.of(Map.of(
            Material.KEYS, Material.timedKeys(Map.of(line, request.validity().notAfter())))),
        key.blob());
  }

  @Override
  public Set<Bytes32> keys(String entryKind, byte[] publicPart) {
    return Set.of(Bytes32.sha256(publicPart));
  }

  @Override
  public Set<Bytes32> declaredKeys(EntryTemplate template) {
    return Set.of(
        Bytes32.sha256(SshPublicKey.parse(SshKeyKind.textOf(template.spec(), Material.PUBLIC_KEY))
            .blob()));
  }

  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    return List.of(new Fact("key", SshPublicKey.ofBlob(publicPart).toString()));
  }
}
