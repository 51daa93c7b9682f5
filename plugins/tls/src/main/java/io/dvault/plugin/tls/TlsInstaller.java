package io.dvault.plugin.tls;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.model.SecretBytes;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.AtEnd;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Installer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts certificates, keys and roots where TLS programs look for them, after checking that they are what they claim. */
public final class TlsInstaller implements Installer {
  private static final int PRIVATE = 0600;
  private static final int PUBLIC = 0644;

  @Override
  public Set<String> entryKinds() {
    return Set.of(TlsCertificateKind.KIND, TlsTrustKind.ENTRY);
  }

  @Override
  public Installation install(InstallRequest request) throws InstallException {
    try {
      return switch (request.address().kind()) {
        case TlsCertificateKind.KIND -> certificate(request);
        case TlsTrustKind.ENTRY -> trust(request);
        default ->
          throw new IllegalStateException(
              "not an entry kind of this installer: " + request.address());
      };
    } catch (IllegalArgumentException e) {
      throw new InstallException(request.address() + ": " + e.getMessage());
    }
  }

  private static Installation certificate(InstallRequest request) throws InstallException {
    TlsFiles files = TlsFiles.of(request.install());
    Certificate leaf = Certificate.parse(bytes(request, TlsCertificateKind.CERTIFICATE));
    byte[] key = bytes(request, TlsCertificateKind.PRIVATE_KEY);
    check(request, leaf, key);
    Set<String> types = new HashSet<>(Set.of(leaf.publicKey().type().openSshName));
    List<PlacedFile> placed = new ArrayList<>();
    // The root does not belong into the chain: who trusts it has it, who does not is not helped
    // (RFC 8446 4.4.2).
    placed.add(file(request, files, TlsFiles.CERTIFICATE, leaf.pem(), PUBLIC));
    placed.add(file(request, files, TlsFiles.KEY, key, PRIVATE));
    if (files.path(TlsFiles.CA).isPresent()) {
      placed.add(anchors(request, files, types));
    }
    return new Installation(placed, List.of(), files.target().action(), AtEnd.REMOVE, types);
  }

  // docs/requirements.md O4: the device checks the CA's signature itself, against the authorities
  // of the approved registry.
  private static void check(InstallRequest request, Certificate leaf, byte[] key)
      throws InstallException {
    Anchors.issuer(request, leaf);
    if (!leaf.publicKey().equals(TlsKeyPair.parse(key).publicKey())) {
      throw new InstallException(request.address() + ": the certificate is over another key");
    }
    if (!leaf.validity().equals(request.validity())) {
      throw new InstallException(
          request.address() + ": the certificate's validity is not the entry's");
    }
    if (!NameRules.acceptable(leaf.names())) {
      throw new InstallException(
          request.address() + ": the certificate's names are not acceptable");
    }
  }

  private static Installation trust(InstallRequest request) throws InstallException {
    TlsFiles files = TlsFiles.of(request.install());
    Set<String> types = new HashSet<>();
    PlacedFile file = anchors(request, files, types);
    return new Installation(List.of(file), List.of(), files.target().action(), AtEnd.KEEP, types);
  }

  /** @param types gets the types of the roots' keys */
  private static PlacedFile anchors(InstallRequest request, TlsFiles files, Set<String> types)
      throws InstallException {
    List<Certificate> anchors = Anchors.of(request);
    anchors.forEach(each -> types.add(each.publicKey().type().openSshName));
    return file(request, files, TlsFiles.CA, Anchors.pem(anchors), PUBLIC);
  }

  private static PlacedFile file(
      InstallRequest request, TlsFiles files, String part, byte[] content, int mode)
      throws InstallException {
    Optional<String> path = files.path(part);
    if (path.isEmpty()) {
      throw new InstallException(request.address() + ": the bundle names no file for its " + part);
    }
    return new PlacedFile(
        path.get(), SecretBytes.owning(content), mode, files.target().owner());
  }

  private static byte[] bytes(InstallRequest request, String field) throws InstallException {
    if (request.material().find(field).orElse(CborValue.NULL) instanceof CborBytes bytes) {
      return bytes.value();
    }
    throw new InstallException(request.address() + ": the bundle has no " + field);
  }
}
