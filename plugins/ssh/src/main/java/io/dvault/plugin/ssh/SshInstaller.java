package io.dvault.plugin.ssh;

import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.Durations;
import io.dvault.model.SecretBytes;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import io.dvault.spi.InstallTarget;
import io.dvault.spi.Installation;
import io.dvault.spi.Installation.AtEnd;
import io.dvault.spi.Installation.AuthorizedKey;
import io.dvault.spi.Installation.PlacedFile;
import io.dvault.spi.Installer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts SSH material where sshd and ssh look for it, after checking that it is what it claims to be. */
public final class SshInstaller implements Installer {
  private static final int PRIVATE = 0600;
  private static final int PUBLIC = 0644;

  @Override
  public Set<String> entryKinds() {
    return Set.of(
        SshKeyKind.KIND,
        SshKeyKind.AUTHORIZED,
        SshCertificateKind.KIND,
        GrantKind.KIND,
        SshTrustKind.KIND);
  }

  @Override
  public Installation install(InstallRequest request) throws InstallException {
    try {
      return switch (request.address().kind()) {
        case SshKeyKind.KIND -> keyPair(request);
        case SshCertificateKind.KIND -> certificate(request);
        case SshKeyKind.AUTHORIZED, GrantKind.KIND -> authorizedKeys(request);
        case SshTrustKind.KIND -> trust(request);
        default ->
          throw new IllegalStateException(
              "not an entry kind of this installer: " + request.address());
      };
    } catch (IllegalArgumentException e) {
      throw new InstallException(request.address() + ": " + e.getMessage());
    }
  }

  private static Installation keyPair(InstallRequest request) throws InstallException {
    InstallTarget target = InstallTarget.of(request.install());
    List<PlacedFile> files = new ArrayList<>();
    SshPublicKey key = keyFiles(request, target, files);
    return new Installation(
        files,
        List.of(),
        target.action(),
        AtEnd.REMOVE,
        Set.of(key.type()),
        overlap(request.install()));
  }

  private static Duration overlap(CborMap install) throws InstallException {
    Optional<String> text = Material.findText(install, SshKeyKind.OVERLAP);
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    return Durations.parse(text.get())
        .orElseThrow(() -> new InstallException("install.overlap is not a duration"));
  }

  /** Adds private and public key files, and returns the public key; refuses a pair that does not match. */
  private static SshPublicKey keyFiles(
      InstallRequest request, InstallTarget target, List<PlacedFile> files)
      throws InstallException {
    String line = Material.text(request.material(), Material.PUBLIC_KEY);
    SshPublicKey publicKey = SshPublicKey.parse(line);
    Optional<byte[]> pem = Material.findBytes(request.material(), Material.PRIVATE_KEY);
    if (pem.isPresent()) {
      try (SshKeyPair pair = SshKeyPair.parse(pem.get())) {
        if (!pair.publicKey().equals(publicKey)) {
          throw new InstallException(
              request.address() + ": the private key does not belong to the public one");
        }
      }
      files.add(file(target, request, "", pem.get(), PRIVATE));
    }
    files.add(file(
        target, request, ".pub", bytes(publicKey.line() + " " + request.address() + "\n"), PUBLIC));
    return publicKey;
  }

  private static Installation certificate(InstallRequest request) throws InstallException {
    InstallTarget target = InstallTarget.of(request.install());
    List<PlacedFile> files = new ArrayList<>();
    SshPublicKey key = keyFiles(request, target, files);
    String[] words = Material.text(request.material(), Material.CERTIFICATE).split(" ");
    if (words.length < 2) {
      throw new InstallException(request.address() + ": no certificate line");
    }
    SshCertificate certificate =
        SshCertificate.parse(java.util.Base64.getDecoder().decode(words[1]));
    check(request, certificate, key);
    files.add(file(target, request, "-cert.pub", bytes(certificate.line()), PUBLIC));
    AtEnd atEnd =
        certificate.terms().type() == SshCertificate.Type.HOST ? AtEnd.KEEP : AtEnd.REMOVE;
    return new Installation(files, List.of(), target.action(), atEnd, Set.of(key.type()));
  }

  // docs/requirements.md O4: the device checks the CA's signature itself, against the authorities
  // of the approved registry.
  private static void check(InstallRequest request, SshCertificate certificate, SshPublicKey key)
      throws InstallException {
    if (!certificate.subject().equals(key)) {
      throw new InstallException(request.address() + ": the certificate is over another key");
    }
    if (request.authorities().stream()
        .noneMatch(authority -> mayBeTrusted(authority, certificate.authority()))) {
      throw new InstallException(request.address() + ": signed by " + certificate.authority()
          + ", which is no authority of this vault");
    }
    if (!certificate.signatureHolds()) {
      throw new InstallException(request.address() + ": the authority's signature does not hold");
    }
    SshCertificate.Terms terms = certificate.terms();
    if (terms.principals().isEmpty()
        || !terms.principals().stream().allMatch(SshAlphabet::isPrincipal)) {
      throw new InstallException(
          request.address() + ": the certificate's principals are not acceptable");
    }
    if (!terms.validity().equals(request.validity())) {
      throw new InstallException(
          request.address() + ": the certificate's validity is not the entry's");
    }
  }

  private static boolean mayBeTrusted(AuthorityRecord authority, SshPublicKey key) {
    return authority.kind().equals("ssh")
        && authority.status() != AuthorityStatus.REVOKED
        && Arrays.equals(authority.publicPart(), key.blob());
  }

  private static Installation authorizedKeys(InstallRequest request) throws InstallException {
    CborMap install = request.install();
    String account = Material.text(install, "account");
    String options = Material.findText(install, "options").orElse("");
    if (!SshAlphabet.isAccount(account) || !SshAlphabet.isLineOptions(options)) {
      throw new InstallException(request.address() + ": account or options are not acceptable");
    }
    List<AuthorizedKey> lines = new ArrayList<>();
    for (Material.TimedKey timed : Material.timedKeys(request.material())) {
      SshPublicKey key = timed.key();
      lines.add(new AuthorizedKey(
          account, options, key.line(), key.comment(), Optional.of(timed.notAfter())));
    }
    return new Installation(List.of(), lines, Optional.empty(), AtEnd.REMOVE);
  }

  private static Installation trust(InstallRequest request) throws InstallException {
    InstallTarget target = InstallTarget.of(request.install());
    String hosts = Material.text(request.material(), Material.HOSTS);
    if (!hosts.matches("[A-Za-z0-9.*?:_,-]{1,1024}")) {
      throw new InstallException(request.address() + ": not a host pattern");
    }
    Set<String> types = new HashSet<>();
    StringBuilder userAuthorities = new StringBuilder();
    StringBuilder knownHosts = new StringBuilder();
    for (String line : Material.texts(request.material(), Material.KEYS)) {
      SshPublicKey key = SshPublicKey.parse(line);
      if (request.authorities().stream().noneMatch(known -> mayBeTrusted(known, key))) {
        throw new InstallException(
            request.address() + ": " + key + " is no authority of this vault");
      }
      types.add(key.type());
      userAuthorities
          .append(key.line())
          .append(' ')
          .append(request.address().name())
          .append('\n');
      knownHosts
          .append("@cert-authority ")
          .append(hosts)
          .append(' ')
          .append(key.line())
          .append(' ')
          .append(request.address().name())
          .append('\n');
    }
    List<PlacedFile> files = List.of(
        file(target, request, ".user-ca.pub", bytes(userAuthorities.toString()), PUBLIC),
        file(target, request, ".known_hosts", bytes(knownHosts.toString()), PUBLIC));
    return new Installation(files, List.of(), target.action(), AtEnd.KEEP, types);
  }

  private static PlacedFile file(
      InstallTarget target, InstallRequest request, String suffix, byte[] content, int mode) {
    String path = target.path() + "/" + request.address().name() + suffix;
    return new PlacedFile(path, SecretBytes.owning(content), mode, target.owner());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
