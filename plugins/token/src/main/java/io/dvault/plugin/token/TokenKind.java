package io.dvault.plugin.token;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryAddress;
import io.dvault.model.SecretBytes;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code Token}: a secret file on each device, random or out of a source that the engine reads when it issues. The spec
 * holds the reference, never the value; so a value that changed at its source is issued at the next renewal, or at once
 * with {@code -replace}.
 */
public final class TokenKind implements SecretKind {
  private static final int TYPICAL_CONTENT = 80;

  static final String KIND = "Token";
  static final String CONTENT = "content";

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    Fields spec = declaration.spec();
    TokenOrigin origin = TokenOrigin.read(spec);
    Lifetime lifetime = Lifetime.read(spec, fleet);
    CborMap install = TokenFile.read(spec, declaration.name()).toInstall();
    boolean protect = spec.bool("protect", false);
    Map<String, CborValue> canonical = new LinkedHashMap<>();
    canonical.put("from", origin.toSpec());
    canonical.put("ttl", CborValue.of(lifetime.ttl().toSeconds()));
    Optional<String> template = template(spec);
    return fleet.select(spec, "devices").stream()
        .map(device -> {
          Map<String, CborValue> own = new LinkedHashMap<>(canonical);
          template.ifPresent(
              text -> own.put("template", CborValue.of(text.replace("{device}", device.name()))));
          return new EntryTemplate(
              new EntryAddress(KIND, declaration.name(), device.name()),
              CborValue.of(own),
              install,
              lifetime.ttl(),
              lifetime.renewBefore(),
              Renewal.RENEW,
              Optional.empty(),
              List.of(),
              protect,
              spec.position());
        })
        .toList();
  }

  private static Optional<String> template(Fields spec) {
    Optional<String> template = spec.findString("template");
    if (template.isPresent() && !template.get().contains(TokenText.PLACEHOLDER)) {
      // Whoever leaves the placeholder out has perhaps written the secret in its place: the line is
      // not shown.
      spec.errorWithoutSource(
          "template",
          "DV163",
          "the template has no {token}",
          "Put {token} where the token goes, for example template: \"API_TOKEN={token}\\n\".");
    }
    return template;
  }

  @Override
  public TypicalSize typicalSize(EntryTemplate template) {
    return new TypicalSize(TYPICAL_CONTENT, 0);
  }

  @Override
  public Issued issue(IssueRequest request) {
    CborMap spec = request.template().spec();
    CborMap from = (CborMap) spec.find("from").orElseThrow();
    byte[] token = switch (TokenOrigin.ofSpec(from)) {
      case TokenOrigin.Random random -> TokenText.random(random, request.random());
      case TokenOrigin.Referenced referenced -> read(request, referenced);
    };
    Optional<String> template = spec.find("template").map(text -> ((CborText) text).value());
    byte[] content = TokenText.fill(template, token);
    try {
      if (content.length > TokenText.MAX_LENGTH) {
        throw new DiagnosticException(
            unfit(request, "is too long", "A token file has at most 256 KiB."));
      }
      return new Issued(CborValue.of(Map.of(CONTENT, CborValue.of(content))), new byte[0]);
    } finally {
      Arrays.fill(token, (byte) 0);
      Arrays.fill(content, (byte) 0);
    }
  }

  private static byte[] read(IssueRequest request, TokenOrigin.Referenced referenced) {
    try (SecretBytes value = request.sources().read(referenced.reference())) {
      byte[] token = referenced.trim() ? TokenText.trimmed(value.borrow()) : value.copy();
      if (token.length == 0) {
        throw new DiagnosticException(unfit(
            request,
            "is empty",
            referenced.reference() + " gave nothing, and an empty token protects nothing."));
      }
      return token;
    }
  }

  private static Diagnostic unfit(IssueRequest request, String what, String detail) {
    EntryTemplate template = request.template();
    return Diagnostic.error("DV166", "the token's value " + what, detail)
        .at(template.position())
        .on(template.address().toString());
  }

  /** A token has no public part: even its hash would let a short one be guessed. */
  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    return List.of();
  }
}
