package io.dvault.plugin.token;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.spi.InstallException;
import io.dvault.spi.InstallTarget;
import io.dvault.yaml.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one file that a token becomes: {@code install:} as every kind has it, plus {@code file} and {@code mode}.
 *
 * @param file name within the folder
 * @param mode permission bits; never any for others
 */
record TokenFile(InstallTarget target, String file, int mode) {
  private static final int DEFAULT_MODE = 0600;
  private static final int ALLOWED = 0770;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+@-]{1,128}");
  private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");

  /** Reads and checks {@code spec.install}; {@code name} is the file's unless one is given. */
  static TokenFile read(Fields spec, String name) {
    InstallTarget target = InstallTarget.read(spec);
    Fields install = spec.map("install");
    String file = install.findString("file").orElse(name);
    if (!isName(file)) {
      install.error(
          "file",
          "DV165",
          "not a file name",
          "It is one name within install.path: letters, digits and . _ + @ -, 128 at most.");
    }
    Optional<String> text = install.findString("mode");
    int mode = text.filter(each -> MODE.matcher(each).matches())
        .map(each -> Integer.parseInt(each, 8))
        .orElse(DEFAULT_MODE);
    if (text.isPresent() && (!MODE.matcher(text.get()).matches() || !isMode(mode))) {
      install.error(
          "mode",
          "DV164",
          "not a mode for a secret",
          "Write three octal digits in quotes; the owner reads it and others must not: mode: \"0600\" or \"0640\".");
    }
    return new TokenFile(target, file, mode);
  }

  private static boolean isName(String file) {
    return NAME.matcher(file).matches() && !file.equals(".") && !file.equals("..");
  }

  private static boolean isMode(long mode) {
    return mode >= 0 && (mode & ~ALLOWED) == 0 && (mode & 0400) != 0;
  }

  CborMap toInstall() {
    Map<String, CborValue> map = new LinkedHashMap<>(target.toMap());
    map.put("file", CborValue.of(file));
    map.put("mode", CborValue.of(mode));
    return CborValue.of(map);
  }

  /** Reads what {@link #toInstall} wrote, on the device, and trusts none of it. */
  static TokenFile of(CborMap install) throws InstallException {
    InstallTarget target = InstallTarget.of(install);
    if (!(install.find("file").orElse(CborValue.NULL) instanceof CborText file)
        || !isName(file.value())) {
      throw new InstallException("install.file is not a file name");
    }
    if (!(install.find("mode").orElse(CborValue.NULL) instanceof CborInt mode)
        || mode.value().bitLength() > 31
        || !isMode(mode.value().intValue())) {
      throw new InstallException("install.mode is not a mode for a secret");
    }
    return new TokenFile(target, file.value(), mode.value().intValue());
  }

  /** The absolute path. */
  String path() {
    return target.path() + "/" + file;
  }
}
