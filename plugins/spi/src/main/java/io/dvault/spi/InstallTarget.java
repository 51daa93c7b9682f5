package io.dvault.spi;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.yaml.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code install:} as every kind that writes files reads it, on both sides: from YAML in the engine, from the sealed
 * bundle on the device.
 *
 * @param path absolute folder, normal form
 * @param action name of an action in the device's {@code agent.yaml}
 * @param owner {@code user} or {@code user:group}
 */
public record InstallTarget(String path, Optional<String> action, Optional<String> owner) {
  private static final Pattern ABSOLUTE = Pattern.compile("(/[A-Za-z0-9._+@-]+)+");
  private static final Pattern ACTION = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern OWNER =
      Pattern.compile("[a-z_][a-z0-9_-]{0,31}(:[a-z_][a-z0-9_-]{0,31})?");

  /** Reads and checks {@code spec.install}; what is wrong is reported through {@code spec}. */
  public static InstallTarget read(Fields spec) {
    Fields install = spec.map("install");
    if (!spec.has("install")) {
      spec.error(
          "install",
          "DV120",
          "no install folder",
          "Say where the device puts it: install: {path: /etc/ssh/dvault}.");
      return new InstallTarget("/", Optional.empty(), Optional.empty());
    }
    String path = install.requireString("path");
    if (!path.isEmpty() && !isPlainFolder(path)) {
      install.error(
          "path",
          "DV121",
          "install path is not a plain absolute folder",
          "\"" + path
              + "\" must start with / and have no \"..\", \".\", doubled or trailing slash, or special character.");
    }
    Optional<String> action = install.findString("action");
    if (action.isPresent() && !ACTION.matcher(action.get()).matches()) {
      install.error(
          "action",
          "DV122",
          "not an action name",
          "Use the name of an action; its command is defined in the device's agent.yaml.");
    }
    Optional<String> owner = install.findString("owner");
    if (owner.isPresent() && !OWNER.matcher(owner.get()).matches()) {
      install.error(
          "owner",
          "DV123",
          "not an owner",
          "Write user or user:group, for example owner: telemetry.");
    }
    return new InstallTarget(path, action, owner);
  }

  /** Whether {@code path} is absolute and in normal form. */
  public static boolean isPlainFolder(String path) {
    return ABSOLUTE.matcher(path).matches() && !path.matches(".*/\\.\\.?(/.*)?");
  }

  /** As the device gets it, beside what else the kind adds. */
  public Map<String, CborValue> toMap() {
    Map<String, CborValue> map = new LinkedHashMap<>();
    map.put("path", CborValue.of(path));
    action.ifPresent(name -> map.put("action", CborValue.of(name)));
    owner.ifPresent(name -> map.put("owner", CborValue.of(name)));
    return map;
  }

  /** Reads what {@link #toMap} wrote, on the device. */
  public static InstallTarget of(CborMap install) throws InstallException {
    String path = text(install, "path")
        .orElseThrow(() -> new InstallException("the bundle names no install path"));
    return new InstallTarget(path, text(install, "action"), text(install, "owner"));
  }

  private static Optional<String> text(CborMap map, String key) throws InstallException {
    Optional<CborValue> value = map.find(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof CborText text) {
      return Optional.of(text.value());
    }
    throw new InstallException("install." + key + " is not text");
  }
}
