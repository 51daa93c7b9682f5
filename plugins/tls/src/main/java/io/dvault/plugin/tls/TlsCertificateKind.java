package io.dvault.plugin.tls;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.cbor.DagCbor;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.SecretBytes;
import io.dvault.model.Spelling;
import io.dvault.spi.AuthorityKey;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.Declaration;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.Fleet;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.Lifetime;
import io.dvault.spi.SecretKind;
import io.dvault.spi.TypicalSize;
import io.dvault.yaml.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code TlsCertificate}: a key pair for each device, with a certificate for TLS by an authority of type tls. */
public final class TlsCertificateKind implements SecretKind {
  static final String KIND = "TlsCertificate";
  static final String ALGORITHM = "algorithm";
  static final String USAGES = "usages";
  static final String CERTIFICATE = "certificate";
  static final String PRIVATE_KEY = "privateKey";

  /** Bytes of a certificate by a P-256 authority without what the spec adds to it, and of a P-256 key in PEM. */
  private static final int CERTIFICATE_SIZE = 420;

  private static final int KEY_SIZE = 241;

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    Fields spec = declaration.spec();
    Optional<AuthorityView> authority = fleet.authority(spec, "authority", TlsAuthorityType.TYPE);
    NameRules.Declared names = NameRules.Declared.read(spec);
    Lifetime lifetime = Lifetime.read(spec, fleet);
    TlsFiles files = TlsFiles.ofCertificate(spec, declaration.name());
    boolean protect = spec.bool("protect", false);
    Map<String, CborValue> common = new LinkedHashMap<>();
    common.put("authority", CborValue.of(authority.map(AuthorityView::name).orElse("")));
    common.put("ttl", CborValue.of(lifetime.ttl().toSeconds()));
    common.put(
        ALGORITHM,
        CborValue.of(spec.choice(ALGORITHM, KeyType.words().getFirst(), KeyType.words())));
    common.put(USAGES, CborValue.of(usages(spec).stream().map(CborValue::of).toList()));
    if (files.path(TlsFiles.CA).isPresent()) {
      authority.ifPresent(each -> common.putAll(Anchors.toSpec(fleet.trusted(each.name()))));
    }
    return fleet.select(spec, "devices").stream()
        .map(device -> {
          Map<String, CborValue> own = new LinkedHashMap<>(common);
          own.putAll(names.filledIn(device).toSpec());
          return new EntryTemplate(
              new EntryAddress(KIND, declaration.name(), device.name()),
              CborValue.of(own),
              files.toInstall(),
              lifetime.ttl(),
              lifetime.renewBefore(),
              Renewal.RENEW,
              authority.map(AuthorityView::name),
              List.of(),
              protect,
              spec.position());
        })
        .toList();
  }

  private static List<String> usages(Fields spec) {
    if (!spec.has(USAGES)) {
      return Usage.ALL;
    }
    List<String> usages = spec.strings(USAGES);
    if (usages.isEmpty()) {
      spec.error(
          USAGES,
          "DV175",
          "a certificate for nothing",
          "Use one of: " + String.join(", ", Usage.ALL) + ".");
    }
    for (String usage : usages) {
      if (!Usage.ALL.contains(usage)) {
        String known = "Use one of: " + String.join(", ", Usage.ALL) + ".";
        String summary = "not a usage: \"" + usage + "\"";
        Spelling.nearest(usage, Usage.ALL)
            .ifPresentOrElse(
                near ->
                    spec.error(USAGES, "DV175", summary, "Did you mean \"" + near + "\"? " + known),
                () -> spec.error(USAGES, "DV175", summary, known));
      }
    }
    return Usage.ALL.stream()
        .filter(usages::contains)
        .toList(); // one order, so that a spec is told by what it says
  }

  @Override
  public Optional<String> keyType(EntryTemplate template) {
    return Optional.of(KeyType.of(text(template.spec(), ALGORITHM)).openSshName);
  }

  @Override
  public TypicalSize typicalSize(EntryTemplate template) {
    int der = CERTIFICATE_SIZE
        + DagCbor.encode(CborValue.of(TlsNames.ofSpec(template.spec()).toSpec())).length;
    int anchors = template
        .spec()
        .find(Anchors.CERTIFICATES)
        .map(each -> DagCbor.encode(each).length)
        .orElse(0);
    return new TypicalSize(der + anchors + KEY_SIZE, der);
  }

  @Override
  public Issued issue(IssueRequest request) {
    CborMap spec = request.template().spec();
    AuthorityKey signer = request
        .authority()
        .orElseThrow(() -> new IllegalStateException(request.address() + " names no authority"));
    Certificate authority = Certificate.parse(signer.authority().publicPart());
    requireToEndBefore(authority, request);
    TlsKeyPair pair = TlsKeyPair.generate(KeyType.of(text(spec, ALGORITHM)), request.random());
    Signing.Terms terms = new Signing.Terms(
        TlsNames.ofSpec(spec),
        TlsNames.texts(spec, USAGES).stream().map(Usage::of).toList(),
        request.validity(),
        request.serial());
    byte[] der = Signing.leaf(pair.publicKey(), terms, authority, signer::sign, request.random())
        .der();
    try (SecretBytes pem = pair.toPem()) {
      Map<String, CborValue> material = new LinkedHashMap<>();
      material.put(CERTIFICATE, CborValue.of(der));
      material.put(PRIVATE_KEY, CborValue.of(pem.borrow()));
      spec.find(Anchors.CERTIFICATES)
          .ifPresent(anchors -> material.put(Anchors.CERTIFICATES, anchors));
      return new Issued(CborValue.of(material), der);
    }
  }

  /** No TLS client takes a leaf after its root's end, so nobody would know why it stopped. */
  private static void requireToEndBefore(Certificate authority, IssueRequest request) {
    if (request.validity().notAfter().isAfter(authority.validity().notAfter())) {
      String name = request.template().authority().orElseThrow();
      throw new DiagnosticException(Diagnostic.error(
              "DV177",
              "the certificate would outlive its authority",
              "The root of \"" + name + "\" ends " + authority.validity().notAfter()
                  + ", the certificate " + request.validity().notAfter() + ".",
              "Make the authority's next generation: dvault authority create " + name)
          .at(request.template().position())
          .on(request.address().toString()));
    }
  }

  static String text(CborMap map, String key) {
    return ((CborText) map.find(key).orElseThrow()).value();
  }

  @Override
  public Set<Bytes32> keys(String entryKind, byte[] publicPart) {
    return Set.of(Certificate.parse(publicPart).publicKey().id());
  }

  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    Certificate certificate = Certificate.parse(publicPart);
    return List.of(
        new Fact("key", certificate.publicKey().toString()),
        new Fact("names", certificate.names().toString()),
        new Fact("usages", String.join(", ", certificate.usages())),
        new Fact("serial", certificate.serial()),
        new Fact("signed by", certificate.issuer().toString()));
  }
}
