package io.dvault.plugin.tls;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.registry.AuthorityRecord;
import io.dvault.registry.AuthorityStatus;
import io.dvault.spi.AuthorityView;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallRequest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The roots that a device is to believe: of one authority, the generation that signs and those beside it. */
final class Anchors {
  /** The field of specs and materials that holds them, each in DER. */
  static final String CERTIFICATES = "certificates";

  /** The field of specs by which a plan says which generations come and go. */
  static final String TRUSTS = "trusts";

  private static final int MOST = 16;

  private Anchors() {}

  /** As they stand in a spec. */
  static Map<String, CborValue> toSpec(List<AuthorityView> generations) {
    return Map.of(
        TRUSTS,
            CborValue.of(generations.stream()
                .map(each -> CborValue.of("generation " + each.generation()))
                .toList()),
        CERTIFICATES,
            CborValue.of(generations.stream()
                .map(each -> CborValue.of(each.publicPart()))
                .toList()));
  }

  /** Those of a bundle, on the device: each must be an authority of this vault that was not revoked. */
  static List<Certificate> of(InstallRequest request) throws InstallException {
    if (!(request.material().find(CERTIFICATES).orElse(CborValue.NULL) instanceof CborList list)
        || list.items().isEmpty()
        || list.items().size() > MOST) {
      throw new InstallException(request.address() + ": the bundle has no list of authorities");
    }
    List<Certificate> anchors = new ArrayList<>();
    for (CborValue item : list.items()) {
      if (!(item instanceof CborBytes der)) {
        throw new InstallException(
            request.address() + ": the bundle has an authority without a certificate");
      }
      if (request.authorities().stream()
          .noneMatch(known -> isUsable(known) && Arrays.equals(known.publicPart(), der.value()))) {
        throw new InstallException(request.address()
            + ": it would have the device believe a CA that is no authority of this vault");
      }
      anchors.add(Certificate.parse(der.value()).requireRoot());
    }
    return anchors;
  }

  /** The authority of this vault that signed {@code leaf}; an InstallException with the reason otherwise. */
  static Certificate issuer(InstallRequest request, Certificate leaf) throws InstallException {
    Optional<String> fault = Optional.empty();
    for (AuthorityRecord record : request.authorities()) {
      if (isUsable(record)) {
        Certificate authority = Certificate.parse(record.publicPart());
        if (leaf.isIssuedBy(authority)) {
          fault = leaf.faultUnder(authority);
          if (fault.isEmpty()) {
            return authority;
          }
        }
      }
    }
    throw new InstallException(request.address() + ": "
        + fault.orElse("signed by " + leaf.issuer() + ", which is no authority of this vault"));
  }

  private static boolean isUsable(AuthorityRecord record) {
    return record.kind().equals(TlsAuthorityType.TYPE)
        && record.status() != AuthorityStatus.REVOKED;
  }

  /** One file that OpenSSL, and so everybody, reads: certificates in PEM, one after the other. */
  static byte[] pem(List<Certificate> anchors) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    anchors.forEach(each -> file.writeBytes(each.pem()));
    return file.toByteArray();
  }
}
