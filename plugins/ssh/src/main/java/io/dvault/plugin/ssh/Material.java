package io.dvault.plugin.ssh;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.CborValue.CborInt;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.CborValue.CborText;
import io.dvault.spi.InstallException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names of the fields of our materials, and how the device reads them. */
final class Material {
  static final String PRIVATE_KEY = "privateKey";
  static final String PUBLIC_KEY = "publicKey";
  static final String CERTIFICATE = "certificate";
  static final String KEYS = "keys";
  static final String HOSTS = "hosts";

  private Material() {}

  static String text(CborMap map, String key) throws InstallException {
    return findText(map, key).orElseThrow(() -> new InstallException("the bundle has no " + key));
  }

  static Optional<String> findText(CborMap map, String key) throws InstallException {
    Optional<CborValue> value = map.find(key);
    if (value.isPresent() && !(value.get() instanceof CborText)) {
      throw new InstallException(key + " is not text");
    }
    return value.map(text -> ((CborText) text).value());
  }

  static Optional<byte[]> findBytes(CborMap map, String key) throws InstallException {
    Optional<CborValue> value = map.find(key);
    if (value.isPresent() && !(value.get() instanceof CborBytes)) {
      throw new InstallException(key + " is not bytes");
    }
    return value.map(bytes -> ((CborBytes) bytes).value());
  }

  static List<String> texts(CborMap map, String key) throws InstallException {
    if (!(map.find(key).orElse(CborValue.NULL) instanceof CborList list)) {
      throw new InstallException(key + " is not a list");
    }
    List<String> texts = new ArrayList<>();
    for (CborValue item : list.items()) {
      if (!(item instanceof CborText text)) {
        throw new InstallException(key + " is not a list of texts");
      }
      texts.add(text.value());
    }
    return texts;
  }

  /** A key and when it ends, as {@link #timedKeys(Map)} wrote it. */
  record TimedKey(SshPublicKey key, Instant notAfter) {}

  static CborList timedKeys(Map<String, Instant> lines) {
    return CborValue.of(lines.entrySet().stream()
        .map(line -> CborValue.of(Map.of(
            "key",
            CborValue.of(line.getKey()),
            "notAfter",
            CborValue.of(line.getValue().getEpochSecond()))))
        .toList());
  }

  static List<TimedKey> timedKeys(CborMap map) throws InstallException {
    if (!(map.find(KEYS).orElse(CborValue.NULL) instanceof CborList list)) {
      throw new InstallException(KEYS + " is not a list");
    }
    List<TimedKey> keys = new ArrayList<>();
    for (CborValue item : list.items()) {
      if (!(item instanceof CborMap timed)
          || !(timed.find("notAfter").orElse(CborValue.NULL) instanceof CborInt until)) {
        throw new InstallException(KEYS + " is not a list of keys with their ends");
      }
      keys.add(new TimedKey(
          SshPublicKey.parse(text(timed, "key")),
          Instant.ofEpochSecond(until.value().longValue())));
    }
    return keys;
  }

  static CborList list(List<String> texts) {
    return CborValue.of(texts.stream().map(CborValue::of).toList());
  }
}
