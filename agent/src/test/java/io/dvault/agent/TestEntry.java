package io.dvault.agent;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An entry of the kind that {@link TestInstaller} installs. */
record TestEntry(EntryAddress address, Validity validity, CborMap material, CborMap install) {

  static TestEntry named(String name) {
    EntryAddress address = new EntryAddress(TestInstaller.KIND, name, "drone-7");
    Instant now = TestVault.now();
    Validity validity = new Validity(now.minusSeconds(300), now.plus(Duration.ofDays(7)));
    return new TestEntry(
        address,
        validity,
        CborValue.of(Map.of()),
        CborValue.of(Map.of("address", CborValue.of(address.toString()))));
  }

  EntryId id() {
    return EntryId.of(TestVault.SALT, address);
  }

  TestEntry file(String path, String content) {
    Map<String, CborValue> files = new HashMap<>(material.entries());
    files.put(path, CborValue.of(content.getBytes(StandardCharsets.UTF_8)));
    return new TestEntry(address, validity, CborValue.of(files), install);
  }

  TestEntry with(String key, String value) {
    return with(key, CborValue.of(value));
  }

  TestEntry with(String key, CborValue value) {
    Map<String, CborValue> map = new HashMap<>(install.entries());
    map.put(key, value);
    return new TestEntry(address, validity, material, CborValue.of(map));
  }

  /** @param words account, options, key, comment, and again */
  TestEntry keys(String... words) {
    List<CborValue> list = Arrays.stream(words).<CborValue>map(CborValue::of).toList();
    return with("keys", CborValue.of(list));
  }

  TestEntry until(Instant end) {
    return new TestEntry(address, new Validity(validity.notBefore(), end), material, install);
  }
}
