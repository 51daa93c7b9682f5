package io.dvault.plugin.ssh;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.cbor.DagCbor;
import io.dvault.model.Bytes32;
import io.dvault.model.EntryAddress;
import io.dvault.model.SecretBytes;
import io.dvault.model.SourcePosition;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityView;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** {@code SshCertificate}: a user or host certificate with its key pair, or over a public key that the YAML gives. */
public final class SshCertificateKind implements SecretKind {
  /** Bytes of a certificate by an Ed25519 authority without what the spec adds to it. */
  private static final int CERTIFICATE_SIZE = 300;

  static final String KIND = "SshCertificate";
  private static final String DEVICE = "{device}";
  private static final int NONCE_LENGTH = 32;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    Fields spec = declaration.spec();
    String type = spec.choice("type", "user", List.of("user", "host"));
    Optional<AuthorityView> authority = fleet.authority(spec, "authority", "ssh");
    Lifetime lifetime = Lifetime.read(spec, fleet);
    InstallTarget target = InstallTarget.read(spec);
    boolean protect = spec.bool("protect", false);
    List<String> principals = spec.strings("principals");
    if (principals.isEmpty()) {
      spec.error(
          "principals",
          "DV130",
          "no principals",
          "A certificate without principals is valid for all of them. Add them: "
              + "principals: [\"{device}.fleet.example\"].");
    }
    Map<String, CborValue> common = new LinkedHashMap<>();
    common.put("type", CborValue.of(type));
    common.put("authority", CborValue.of(authority.map(AuthorityView::name).orElse("")));
    common.put("ttl", CborValue.of(lifetime.ttl().toSeconds()));
    readUserOptions(spec, type, common);
    List<DeviceView> devices = fleet.select(spec, "devices");
    publicKey(spec, devices)
        .ifPresent(key -> common.put(Material.PUBLIC_KEY, CborValue.of(key.line())));
    Map<String, CborValue> installed = target.toMap();
    installed.put("type", CborValue.of(type));
    CborMap install = CborValue.of(installed); // what all devices have alike is made once
    CborMap shared = CborValue.of(common);
    Optional<String> signer = authority.map(AuthorityView::name);
    SourcePosition position = spec.position();

    List<EntryTemplate> templates = new ArrayList<>(devices.size());
    for (DeviceView device : devices) {
      CborMap own = shared.with("principals", filledIn(spec, principals, device));
      templates.add(new EntryTemplate(
          new EntryAddress(KIND, declaration.name(), device.name()),
          own,
          install,
          lifetime.ttl(),
          lifetime.renewBefore(),
          Renewal.RENEW,
          signer,
          List.of(),
          protect,
          position));
    }
    return templates;
  }

  private static void readUserOptions(Fields spec, String type, Map<String, CborValue> common) {
    List<String> extensions = spec.strings("extensions");
    List<String> source = SshAlphabet.sourceAddresses(spec, "sourceAddress");
    String command = SshAlphabet.command(spec, "forceCommand");
    if (type.equals("host")) {
      for (String key : List.of("extensions", "sourceAddress", "forceCommand")) {
        if (spec.has(key)) {
          spec.error(
              key,
              "DV136",
              key + " does not exist on host certificates",
              "Remove it, or set type: user.");
        }
      }
      return;
    }
    for (String extension : extensions) {
      if (!SshAlphabet.EXTENSIONS.contains(extension)) {
        spec.error(
            "extensions",
            "DV137",
            "unknown extension \"" + extension + "\"",
            "Known: " + String.join(", ", SshAlphabet.EXTENSIONS) + ".");
      }
    }
    common.put(
        "extensions", Material.list(spec.has("extensions") ? extensions : List.of("permit-pty")));
    Map<String, CborValue> critical = new TreeMap<>();
    if (!source.isEmpty()) {
      critical.put("source-address", CborValue.of(String.join(",", source)));
    }
    if (!command.isEmpty()) {
      critical.put("force-command", CborValue.of(command));
    }
    common.put("critical", CborValue.of(critical));
  }

  private static Optional<SshPublicKey> publicKey(Fields spec, List<DeviceView> devices) {
    Optional<String> line = spec.findString(Material.PUBLIC_KEY);
    if (line.isEmpty()) {
      return Optional.empty();
    }
    if (devices.size() > 1) {
      spec.error(
          Material.PUBLIC_KEY,
          "DV138",
          "one public key for " + devices.size() + " devices",
          "A key belongs to one device: name just that one in devices.");
    }
    try {
      SshPublicKey key = SshPublicKey.parse(line.get());
      if (key.ed25519().isEmpty()) {
        spec.error(
            Material.PUBLIC_KEY,
            "DV131",
            "only Ed25519 keys are certified",
            "This one is " + key.type() + ".");
      }
      return Optional.of(key);
    } catch (IllegalArgumentException e) {
      spec.error(Material.PUBLIC_KEY, "DV131", "not an SSH public key", e.getMessage() + ".");
      return Optional.empty();
    }
  }

  private static CborList filledIn(Fields spec, List<String> principals, DeviceView device) {
    List<CborText> filled = new ArrayList<>(principals.size());
    for (String principal : principals) {
      String text = principal.replace(DEVICE, device.name());
      if (!SshAlphabet.isPrincipal(text)) {
        spec.error(
            "principals",
            "DV130",
            "not a principal: \"" + text + "\"",
            "Letters, digits and . _ @ + - are taken; a wildcard or a comma would let in "
                + "others. {device} is the only placeholder.");
      }
      filled.add(CborValue.of(text));
    }
    return CborValue.of(filled);
  }

  @Override
  public Optional<String> keyType(EntryTemplate template) {
    return Optional.of(SshPublicKey.ED25519);
  }

  @Override
  public TypicalSize typicalSize(EntryTemplate template) {
    int blob = CERTIFICATE_SIZE + DagCbor.encode(template.spec()).length;
    boolean given = template.spec().find(Material.PUBLIC_KEY).isPresent();
    return new TypicalSize(
        blob * 4 / 3 + SshKeyKind.LINE_SIZE + (given ? 0 : SshKeyKind.PEM_SIZE), blob);
  }

  @Override
  public Issued issue(IssueRequest request) {
    CborMap spec = request.template().spec();
    AuthorityKey authority = request
        .authority()
        .orElseThrow(() -> new IllegalStateException(request.address() + " names no authority"));
    Optional<SshPublicKey> given = spec.find(Material.PUBLIC_KEY).map(SshCertificateKind::keyOf);
    if (given.isPresent()) {
      SshCertificate certificate = sign(request, given.get(), authority);
      return new Issued(CborValue.of(publicMaterial(request, certificate)), certificate.blob());
    }
    try (SshKeyPair pair = SshKeyPair.generate(request.random());
        SecretBytes pem = pair.toPem()) {
      SshCertificate certificate = sign(request, pair.publicKey(), authority);
      Map<String, CborValue> material = publicMaterial(request, certificate);
      material.put(Material.PRIVATE_KEY, CborValue.of(pem.borrow()));
      return new Issued(CborValue.of(material), certificate.blob());
    }
  }

  private static SshPublicKey keyOf(CborValue line) {
    return SshPublicKey.parse(((CborText) line).value());
  }

  private static Map<String, CborValue> publicMaterial(
      IssueRequest request, SshCertificate certificate) {
    Map<String, CborValue> material = new LinkedHashMap<>();
    material.put(
        Material.PUBLIC_KEY, CborValue.of(certificate.subject().line() + " " + request.address()));
    material.put(Material.CERTIFICATE, CborValue.of(certificate.line()));
    return material;
  }

  private static SshCertificate sign(
      IssueRequest request, SshPublicKey subject, AuthorityKey authority) {
    CborMap spec = request.template().spec();
    boolean host = SshKeyKind.textOf(spec, "type").equals("host");
    Map<String, String> critical = new TreeMap<>();
    if (spec.find("critical").orElse(CborValue.NULL) instanceof CborMap options) {
      options
          .entries()
          .keySet()
          .forEach(name -> critical.put(name, SshKeyKind.textOf(options, name)));
    }
    SshCertificate.Terms terms = new SshCertificate.Terms(
        host ? SshCertificate.Type.HOST : SshCertificate.Type.USER,
        request.serial(),
        request.address().toString(),
        texts(spec, "principals"),
        request.validity(),
        critical,
        texts(spec, "extensions"));
    byte[] nonce = new byte[NONCE_LENGTH];
    request.random().nextBytes(nonce);
    SshPublicKey signedBy = SshPublicKey.ofBlob(authority.authority().publicPart());
    return SshCertificate.sign(subject, terms, nonce, signedBy, authority::sign);
  }

  private static List<String> texts(CborMap spec, String key) {
    return spec.find(key).orElse(CborValue.NULL) instanceof CborList list
        ? list.items().stream().map(item -> ((CborText) item).value()).toList()
        : List.of();
  }

  @Override
  public Set<Bytes32> keys(String entryKind, byte[] publicPart) {
    return Set.of(Bytes32.sha256(SshCertificate.parse(publicPart).subject().blob()));
  }

  @Override
  public Set<Bytes32> declaredKeys(EntryTemplate template) {
    return template
        .spec()
        .find(Material.PUBLIC_KEY)
        .map(key -> Set.of(Bytes32.sha256(keyOf(key).blob())))
        .orElse(Set.of());
  }

  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    SshCertificate certificate = SshCertificate.parse(publicPart);
    return List.of(
        new Fact("key", certificate.subject().toString()),
        new Fact("principals", String.join(",", certificate.terms().principals())),
        new Fact("serial", Long.toUnsignedString(certificate.terms().serial())),
        new Fact("signed by", certificate.authority().toString()));
  }
}
