package io.dvault.plugin.tls;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallTarget;
import io.dvault.yaml.Fields;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files of one entry: {@code install:} as every kind has it, plus names within the folder.
 *
 * @param names what is installed ({@code certificate}, {@code key}, {@code ca}) → its file
 */
record TlsFiles(InstallTarget target, Map<String, String> names) {
  static final String CERTIFICATE = "certificate";
  static final String KEY = "key";
  static final String CA = "ca";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+@-]{1,128}");

  TlsFiles {
    names = Map.copyOf(names);
  }

  /** Of a certificate: NAME.crt and NAME.key unless others are said, and a CA file when one is. */
  static TlsFiles ofCertificate(Fields spec, String name) {
    InstallTarget target = InstallTarget.read(spec);
    Fields install = spec.map("install");
    Map<String, String> names = new LinkedHashMap<>();
    names.put(CERTIFICATE, install.findString(CERTIFICATE).orElse(name + ".crt"));
    names.put(KEY, install.findString(KEY).orElse(name + ".key"));
    install.findString(CA).ifPresent(file -> names.put(CA, file));
    return checked(install, target, names);
  }

  /** Of an authority that is believed: NAME.ca.crt unless another is said. */
  static TlsFiles ofTrust(Fields trustedBy, String name) {
    InstallTarget target = InstallTarget.read(trustedBy);
    Fields install = trustedBy.map("install");
    return checked(install, target, Map.of(CA, install.findString(CA).orElse(name + ".ca.crt")));
  }

  private static TlsFiles checked(Fields install, InstallTarget target, Map<String, String> names) {
    Set<String> taken = new LinkedHashSet<>();
    names.forEach((part, file) -> {
      if (!isName(file)) {
        install.error(
            part,
            "DV176",
            "not a file name",
            "It is one name within install.path: letters, digits and . _ + @ -, 128 at most.");
      } else if (!taken.add(file)) {
        install.error(
            part,
            "DV178",
            "one file for two things",
            "\"" + file + "\" is named twice under install.");
      }
    });
    return new TlsFiles(target, names);
  }

  private static boolean isName(String file) {
    return NAME.matcher(file).matches() && !file.equals(".") && !file.equals("..");
  }

  CborMap toInstall() {
    Map<String, CborValue> map = new LinkedHashMap<>(target.toMap());
    names.forEach((part, file) -> map.put(part, CborValue.of(file)));
    return CborValue.of(map);
  }

  /** Reads what {@link #toInstall} wrote, on the device, and trusts none of it. */
  static TlsFiles of(CborMap install) throws InstallException {
    Map<String, String> names = new LinkedHashMap<>();
    for (String part : List.of(CERTIFICATE, KEY, CA)) {
      Optional<CborValue> file = install.find(part);
      if (file.isPresent()) {
        if (!(file.get() instanceof CborText text)
            || !isName(text.value())
            || names.containsValue(text.value())) {
          throw new InstallException("install." + part + " is not a file name of its own");
        }
        names.put(part, text.value());
      }
    }
    return new TlsFiles(InstallTarget.of(install), names);
  }

  /** The absolute path of a part, when it has a file. */
  Optional<String> path(String part) {
    return Optional.ofNullable(names.get(part)).map(file -> target.path() + "/" + file);
  }
}
