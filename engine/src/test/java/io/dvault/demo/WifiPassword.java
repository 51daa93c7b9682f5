package io.dvault.demo;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.EntryAddress;
import io.dvault.model.SecretBytes;
import io.dvault.spi.Declaration;
import io.dvault.spi.EntryTemplate;
import io.dvault.spi.EntryTemplate.Renewal;
import io.dvault.spi.Fleet;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.InstallTarget;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.AtEnd;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Installer;
import io.dvault.spi.IssueRequest;
import io.dvault.spi.Issued;
import io.dvault.spi.Lifetime;
import io.dvault.spi.SecretKind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A type of secret that the product does not know: a site's WPA key. Engine's half and device's half in one class. */
public final class WifiPassword implements SecretKind, Installer {
  static final String KIND = "WifiPassword";

  @Override
  public String kind() {
    return KIND;
  }

  // SecretKind and Installer both have it, and mean the same.
  @Override
  public Set<String> entryKinds() {
    return Set.of(KIND);
  }

  @Override
  public List<EntryTemplate> expand(Declaration declaration, Fleet fleet) {
    String network = declaration.spec().requireString("network");
    Lifetime lifetime = Lifetime.read(declaration.spec(), fleet);
    CborMap spec = CborValue.of(Map.of("network", CborValue.of(network)));
    CborMap install = CborValue.of(InstallTarget.read(declaration.spec()).toMap());
    return fleet.select(declaration.spec(), "devices").stream()
        .map(device -> new EntryTemplate(
            new EntryAddress(KIND, declaration.name(), device.name()),
            spec,
            install,
            lifetime.ttl(),
            lifetime.renewBefore(),
            Renewal.RENEW,
            Optional.empty(),
            List.of(),
            false,
            declaration.spec().position()))
        .toList();
  }

  @Override
  public Issued issue(IssueRequest request) {
    byte[] key = new byte[32];
    request.random().nextBytes(key);
    String network =
        ((CborValue.CborText) request.template().spec().find("network").orElseThrow()).value();
    String text = "ssid=" + network + "\npsk=" + HexFormat.of().formatHex(key) + "\n";
    return new Issued(
        CborValue.of(Map.of("wpa", CborValue.of(text.getBytes(StandardCharsets.UTF_8)))),
        network.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<Fact> describe(String entryKind, byte[] publicPart) {
    return List.of(new Fact("network", new String(publicPart, StandardCharsets.UTF_8)));
  }

  @Override
  public Installation install(InstallRequest request) throws InstallException {
    InstallTarget target = InstallTarget.of(request.install());
    if (!(request.material().find("wpa").orElse(CborValue.NULL) instanceof CborBytes wpa)) {
      throw new InstallException(request.address() + ": no WPA key");
    }
    PlacedFile file = new PlacedFile(
        target.path() + "/" + request.address().name() + ".conf",
        SecretBytes.owning(wpa.value()),
        0600,
        target.owner());
    return new Installation(List.of(file), List.of(), target.action(), AtEnd.REMOVE);
  }
}
