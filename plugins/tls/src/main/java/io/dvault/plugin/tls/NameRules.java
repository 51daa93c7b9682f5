package io.dvault.plugin.tls;

import io.dvault.spi.DeviceView;
import io.dvault.yaml.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/** Which names a certificate may carry: checked where the YAML says them, and again on the device. */
final class NameRules {
  private static final String DEVICE = "{device}";
  private static final int LONGEST_DNS = 253;
  private static final int LONGEST_URI = 2048;

  /** RFC 1123 2.1 labels; a wildcard is the whole first label and has two labels after it (RFC 9525 6.3). */
  private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

  private static final Pattern DNS =
      Pattern.compile("(?![0-9.]+$)" + LABEL + "(\\." + LABEL + ")*");
  private static final Pattern WILDCARD = Pattern.compile("\\*(\\." + LABEL + "){2,}");

  /**
   * RFC 5280 4.2.1.6: with a scheme and a host. Without a user, and without what SPIFFE does not
   * take: query and fragment.
   */
  private static final Pattern URI = Pattern.compile(
      "[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@/-]*)?");

  /** RFC 5280 appendix A: ub-common-name is 64. */
  private static final Pattern COMMON_NAME = Pattern.compile("[ -~]{1,64}");

  private NameRules() {}

  static boolean isDnsName(String name) {
    return name.length() <= LONGEST_DNS
        && (DNS.matcher(name).matches() || WILDCARD.matcher(name).matches());
  }

  static boolean isIpAddress(String address) {
    return IPAddress.isValid(address);
  }

  static boolean isUri(String text) {
    return text.length() <= LONGEST_URI && URI.matcher(text).matches();
  }

  static boolean isCommonName(String name) {
    return COMMON_NAME.matcher(name).matches() && !name.isBlank();
  }

  static boolean acceptable(TlsNames names) {
    return names.commonName().filter(name -> !isCommonName(name)).isEmpty()
        && names.dnsNames().stream().allMatch(NameRules::isDnsName)
        && names.uris().stream().allMatch(NameRules::isUri)
        && !(names.dnsNames().isEmpty()
            && names.ipAddresses().isEmpty()
            && names.uris().isEmpty());
  }

  /** What the YAML says, with {@code {device}} still in it. */
  record Declared(
      Fields spec,
      Optional<String> commonName,
      List<String> dns,
      List<String> ips,
      List<String> uris) {
    static Declared read(Fields spec) {
      Declared read = new Declared(
          spec,
          spec.findString(TlsNames.COMMON_NAME),
          spec.strings(TlsNames.DNS),
          spec.strings(TlsNames.IP),
          spec.strings(TlsNames.URIS));
      if (read.dns.isEmpty() && read.ips.isEmpty() && read.uris.isEmpty()) {
        spec.error(
            TlsNames.DNS,
            "DV170",
            "no names",
            "Programs compare the name that they connected to with dnsNames, ipAddresses or "
                + "uris, never with commonName.",
            "Name at least one: dnsNames: [\"{device}.fleet.example\"].");
      }
      return read;
    }

    /** For one device; what is wrong is reported where it stands. */
    TlsNames filledIn(DeviceView device) {
      commonName.ifPresent(name -> check(
          TlsNames.COMMON_NAME,
          "DV174",
          "common name",
          List.of(name),
          device,
          NameRules::isCommonName,
          "It has 1 to 64 printable ASCII characters."));
      return new TlsNames(
          commonName.map(name -> name.replace(DEVICE, device.name())),
          check(
              TlsNames.DNS,
              "DV171",
              "DNS name",
              dns,
              device,
              NameRules::isDnsName,
              "Labels of letters, digits and - between dots are taken; a * only as the whole first of three or more.",
              "{device} is the only placeholder."),
          check(
              TlsNames.IP,
              "DV172",
              "IP address",
              ips,
              device,
              NameRules::isIpAddress,
              "Write it out, 10.0.0.7 or 2001:db8::7; names go into dnsNames."),
          check(
              TlsNames.URIS,
              "DV173",
              "URI for a certificate",
              uris,
              device,
              NameRules::isUri,
              "It has a scheme and a host; no user, query or fragment: spiffe://fleet.example/{device}."));
    }

    private List<String> check(
        String field,
        String code,
        String what,
        List<String> names,
        DeviceView device,
        Predicate<String> fits,
        String... detail) {
      List<String> filled = new ArrayList<>();
      for (String name : names) {
        String text = name.replace(DEVICE, device.name());
        if (!fits.test(text)) {
          spec.error(
              field,
              code,
              (what.startsWith("I") ? "not an " : "not a ") + what + ": \"" + text + "\"",
              detail);
        }
        filled.add(text);
      }
      return filled;
    }
  }
}
