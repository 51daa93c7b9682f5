package io.dvault.plugin.tls;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;

/**
 * Who a certificate is for.
 *
 * @param commonName the whole subject, when there is one; no TLS client looks there for a host name any more
 * @param dnsNames subject alternative names, in order, as are the other two lists
 */
record TlsNames(
    Optional<String> commonName,
    List<String> dnsNames,
    List<String> ipAddresses,
    List<String> uris) {
  static final String COMMON_NAME = "commonName";
  static final String DNS = "dnsNames";
  static final String IP = "ipAddresses";
  static final String URIS = "uris";

  TlsNames {
    dnsNames = List.copyOf(dnsNames);
    ipAddresses = List.copyOf(ipAddresses);
    uris = List.copyOf(uris);
  }

  /** As it stands in a spec; what is empty is left out. */
  Map<String, CborValue> toSpec() {
    Map<String, CborValue> spec = new LinkedHashMap<>();
    commonName.ifPresent(name -> spec.put(COMMON_NAME, CborValue.of(name)));
    Map.of(DNS, dnsNames, IP, ipAddresses, URIS, uris).forEach((key, names) -> {
      if (!names.isEmpty()) {
        spec.put(key, CborValue.of(names.stream().map(CborValue::of).toList()));
      }
    });
    return spec;
  }

  /** Reads what {@link #toSpec} wrote. */
  static TlsNames ofSpec(CborMap spec) {
    return new TlsNames(
        spec.find(COMMON_NAME).map(name -> ((CborText) name).value()),
        texts(spec, DNS),
        texts(spec, IP),
        texts(spec, URIS));
  }

  static List<String> texts(CborMap spec, String key) {
    return spec.find(key).orElse(CborValue.NULL) instanceof CborList list
        ? list.items().stream().map(item -> ((CborText) item).value()).toList()
        : List.of();
  }

  X500Name subject() {
    return commonName.map(TlsNames::subject).orElseGet(() -> new X500Name(new RDN[0]));
  }

  static X500Name subject(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  GeneralNames alternatives() {
    List<GeneralName> names = new ArrayList<>();
    dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
    ipAddresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
    uris.forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  /** Those of a certificate; IllegalArgumentException when it has any of another sort. */
  static TlsNames of(X509CertificateHolder certificate) {
    List<String> dns = new ArrayList<>();
    List<String> ips = new ArrayList<>();
    List<String> uris = new ArrayList<>();
    GeneralNames names =
        GeneralNames.fromExtensions(certificate.getExtensions(), Extension.subjectAlternativeName);
    for (GeneralName name : names == null ? new GeneralName[0] : names.getNames()) {
      switch (name.getTagNo()) {
        case GeneralName.dNSName -> dns.add(name.getName().toString());
        case GeneralName.iPAddress ->
          ips.add(address(ASN1OctetString.getInstance(name.getName()).getOctets()));
        case GeneralName.uniformResourceIdentifier -> uris.add(name.getName().toString());
        default ->
          throw new IllegalArgumentException("the certificate has a name of an unknown sort");
      }
    }
    return new TlsNames(commonName(certificate.getSubject()), dns, ips, uris);
  }

  private static Optional<String> commonName(X500Name subject) {
    RDN[] parts = subject.getRDNs();
    if (parts.length == 0) {
      return Optional.empty();
    }
    if (parts.length == 1
        && !parts[0].isMultiValued()
        && parts[0].getFirst().getType().equals(BCStyle.CN)
        && parts[0].getFirst().getValue() instanceof ASN1String name) {
      return Optional.of(name.getString());
    }
    throw new IllegalArgumentException("the certificate's subject is more than a common name");
  }

  private static String address(byte[] octets) {
    try {
      return java.net.InetAddress.getByAddress(octets)
          .getHostAddress(); // no look-up: the octets are the address
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(
          "the certificate has an IP address of " + octets.length + " bytes");
    }
  }

  /** All of them in one line: {@code CN=web, web-1.fleet.example, 10.0.0.7}. */
  @Override
  public String toString() {
    List<String> all = new ArrayList<>();
    commonName.ifPresent(name -> all.add("CN=" + name));
    all.addAll(dnsNames);
    all.addAll(ipAddresses);
    all.addAll(uris);
    return String.join(", ", all);
  }
}
