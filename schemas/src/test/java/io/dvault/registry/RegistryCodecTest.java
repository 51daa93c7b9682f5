package io.dvault.registry;

import static io.dvault.registry.Vaults.NOW;
import static io.dvault.registry.Vaults.VAULT;
import static io.dvault.registry.Vaults.deviceEntry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborList;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.cbor.DagCbor;
import io.dvault.cbor.MalformedCborException;
import io.dvault.model.AuthorityId;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryCodecTest {
  private static final CborMap ROOT = RegistryCodec.encode(root());
  private static final CborMap DEVICE = RegistryCodec.encode(deviceEntry(1, 1));
  private static final CborMap ENTRIES = (CborMap) DEVICE.find("entries").orElseThrow();
  private static final CborMap ENTRY =
      (CborMap) ENTRIES.entries().values().iterator().next();
  private static final CborMap AUTHORITIES = RegistryCodec.encode(Vaults.authorities(
      Vaults.generation(1, AuthorityStatus.TAINTED), Vaults.generation(2, AuthorityStatus.ACTIVE)));
  private static final CborMap RULES = RegistryCodec.encode(new DeviceRules(
      new TreeMap<>(Map.of("Grant", Duration.ofMinutes(15))),
      Optional.of(new TreeSet<>(List.of("Grant", "Token"))),
      Optional.of(new TreeSet<>(List.of("ecdsa-sha2-nistp256", "ssh-ed25519"))),
      Optional.of(List.of("/a", "/b"))));

  private static VaultRoot root() {
    Cid link = Cid.of(Codec.DAG_CBOR, new byte[0]);
    return new VaultRoot(VAULT, 2, Optional.of(link), NOW, Vaults.COMMIT, link, link, link);
  }

  @Test
  void decode_encoded_isTheSame() throws Exception {
    assertEquals(root(), RegistryCodec.decodeRoot(through(ROOT)));
    assertEquals(deviceEntry(1, 1), RegistryCodec.decodeDevice(through(DEVICE)));
    assertEquals(
        AUTHORITIES, RegistryCodec.encode(RegistryCodec.decodeAuthorities(through(AUTHORITIES))));
    assertEquals(RULES, RegistryCodec.encode(RegistryCodec.decodeRules(through(RULES))));
    assertEquals(
        DeviceRules.NONE,
        RegistryCodec.decodeRules(through(RegistryCodec.encode(DeviceRules.NONE))));
    AuthorityRecord any = new AuthorityRecord(
        1, "a-plugin-s-own-type", new byte[] {9}, AuthorityStatus.PREPARED, NOW);
    CborMap other = RegistryCodec.encode(Vaults.authorities(any));
    assertEquals(
        List.of(any),
        RegistryCodec.decodeAuthorities(through(other)).values().iterator().next());
  }

  private static CborValue through(CborValue value) throws MalformedCborException {
    return DagCbor.decode(DagCbor.encode(value));
  }

  static Stream<Arguments> brokenRoots() {
    CborValue raw = CborValue.of(Cid.of(Codec.RAW, new byte[0]));
    return Stream.of(
        broken("VaultRoot.v", ROOT, "v", CborValue.of(2)),
        broken("VaultRoot.vault", ROOT, "vault", CborValue.of(new byte[31])),
        broken("VaultRoot.epoch", ROOT, "epoch", CborValue.of(0)),
        broken("VaultRoot.prev", ROOT, "prev", CborValue.NULL),
        broken("VaultRoot.prev", ROOT, "epoch", CborValue.of(1)),
        broken("VaultRoot.prev", ROOT, "prev", raw),
        broken("VaultRoot.at", ROOT, "at", CborValue.of(-1)),
        broken("VaultRoot.commit", ROOT, "commit", CborValue.of("main")),
        broken("VaultRoot.commit", ROOT, "commit", CborValue.of("A".repeat(40))),
        broken("VaultRoot.devices", ROOT, "devices", raw),
        broken("VaultRoot.authorities", ROOT, "authorities", CborValue.NULL),
        broken("VaultRoot.rules", ROOT, "rules", CborValue.of(Map.of())),
        broken("unknown key", ROOT, "more", CborValue.NULL));
  }

  @ParameterizedTest(name = "{0}")
  @Tag("T15")
  @MethodSource("brokenRoots")
  void decodeRoot_broken_isRefusedByPlace(String reason, CborValue value) {
    refused(reason, () -> RegistryCodec.decodeRoot(value));
  }

  static Stream<Arguments> brokenDevices() {
    CborValue link = CborValue.of(Cid.of(Codec.DAG_CBOR, new byte[0]));
    return Stream.of(
        broken("DeviceEntry.v", DEVICE, "v", CborValue.of("1")),
        broken("DeviceEntry.device", DEVICE, "device", CborValue.of("id")),
        broken("DeviceEntry.recipient", DEVICE, "recipient", CborValue.of(new byte[32])),
        broken("DeviceEntry.entries", DEVICE, "entries", CborValue.of(List.of())),
        broken("64 lower-case hex", DEVICE, "entries", CborValue.of(Map.of("a", ENTRY))),
        broken("64 lower-case hex", DEVICE, "entries", CborValue.of(Map.of("A".repeat(64), ENTRY))),
        entry("entry.gen", "gen", CborValue.of(0)),
        entry("entry.kind", "kind", CborValue.of("lower")),
        entry("entry.kind", "kind", CborValue.of("K".repeat(64))),
        entry("entry.spec", "spec", CborValue.of(new byte[33])),
        entry("entry.sealed", "sealed", link),
        entry("entry.public", "public", CborValue.of(new byte[RegistryCodec.MAX_PUBLIC + 1])),
        entry("entry.notBefore", "notBefore", CborValue.of("now")),
        entry("entry.notAfter", "notAfter", CborValue.of(NOW.getEpochSecond())),
        entry("entry.status", "status", CborValue.of("ACTIVE")),
        entry("entry.status", "status", CborValue.of("expired")),
        entry(
            "entry.status",
            "status",
            CborValue.of("act\u0131ve")), // whose upper case is that of "active"
        entry("entry.serial", "serial", CborValue.of(-1)),
        entry("unknown key", "name", CborValue.of("secret")));
  }

  private static Arguments entry(String reason, String key, CborValue value) {
    String id = ENTRIES.entries().keySet().iterator().next();
    return broken(reason, DEVICE, "entries", CborValue.of(Map.of(id, with(ENTRY, key, value))));
  }

  @ParameterizedTest(name = "{0}")
  @Tag("T15")
  @MethodSource("brokenDevices")
  void decodeDevice_broken_isRefusedByPlace(String reason, CborValue value) {
    refused(reason, () -> RegistryCodec.decodeDevice(value));
  }

  static Stream<Arguments> brokenAuthorities() {
    CborList list = (CborList) AUTHORITIES.entries().values().iterator().next();
    return Stream.of(
        authority("expected a list that is not empty", CborValue.of(List.of())),
        authority("expected a list that is not empty", CborValue.NULL),
        authority("out of order", CborValue.of(list.items().reversed())),
        authority(
            "out of order",
            CborValue.of(List.of(list.items().getFirst(), list.items().getFirst()))),
        generation("authority.kind", list, "kind", CborValue.of("")),
        generation("authority.kind", list, "kind", CborValue.of("SSH")),
        generation("authority.kind", list, "kind", CborValue.of("a".repeat(33))),
        generation("certificate", list, "certificate", CborValue.of(new byte[1])),
        generation("authority.status", list, "status", CborValue.of("revoke")),
        generation("authority.generation", list, "generation", CborValue.of(0)));
  }

  private static Arguments authority(String reason, CborValue value) {
    return broken(reason, AUTHORITIES, AUTHORITIES.entries().keySet().iterator().next(), value);
  }

  private static Arguments generation(String reason, CborList list, String key, CborValue value) {
    return authority(
        reason, CborValue.of(List.of(with((CborMap) list.items().getFirst(), key, value))));
  }

  @ParameterizedTest(name = "{0}")
  @Tag("T15")
  @MethodSource("brokenAuthorities")
  void decodeAuthorities_broken_isRefusedByPlace(String reason, CborValue value) {
    refused(reason, () -> RegistryCodec.decodeAuthorities(value));
  }

  static Stream<Arguments> brokenRules() {
    return Stream.of(
        broken("rules.v", RULES, "v", CborValue.of(0)),
        broken("rules.ttl", RULES, "ttl", CborValue.of(Map.of())),
        broken("rules.ttl.Grant", RULES, "ttl", CborValue.of(Map.of("Grant", CborValue.of(0)))),
        broken(
            "rules.kinds",
            RULES,
            "kinds",
            CborValue.of(List.of(CborValue.of("B"), CborValue.of("A")))),
        broken("rules.kinds", RULES, "kinds", CborValue.of(List.of(CborValue.of(1)))),
        broken(
            "rules.keyTypes",
            RULES,
            "keyTypes",
            CborValue.of(List.of(CborValue.of("b"), CborValue.of("a")))),
        broken("rules.keyTypes", RULES, "keyTypes", CborValue.of("ssh-ed25519")),
        broken(
            "rules.paths",
            RULES,
            "paths",
            CborValue.of(List.of(CborValue.of("/a"), CborValue.of("/a")))),
        broken("unknown key", RULES, "allow", CborValue.NULL));
  }

  @ParameterizedTest(name = "{0}")
  @Tag("T15")
  @MethodSource("brokenRules")
  void decodeRules_broken_isRefusedByPlace(String reason, CborValue value) {
    refused(reason, () -> RegistryCodec.decodeRules(value));
  }

  @Test
  void encode_whatNoReaderAccepts_isRefused() {
    EntryRecord entry = Vaults.entry("lower", 1, EntryStatus.ACTIVE);
    DeviceEntry device = DeviceEntry.of(Vaults.device(1), Map.of(Vaults.entryId(1, "x"), entry));
    assertThrows(IllegalArgumentException.class, () -> RegistryCodec.encode(device));
    TreeMap<AuthorityId, List<AuthorityRecord>> none =
        new TreeMap<>(Map.of(Vaults.authority("x"), List.of()));
    assertThrows(IllegalArgumentException.class, () -> RegistryCodec.encode(none));
  }

  private static DeviceEntry device(Random random) {
    Map<EntryId, EntryRecord> entries = new HashMap<>();
    for (int count = random.nextInt(random.nextInt(10) == 0 ? 30 : 3); count > 0; count--) {
      byte[] part =
          new byte[random.nextInt(random.nextInt(10) == 0 ? RegistryCodec.MAX_PUBLIC : 300)];
      random.nextBytes(part);
      Instant start = Instant.ofEpochSecond(random.nextLong(1L << random.nextInt(1, 37)));
      entries.put(
          new EntryId(Bytes32.sha256(part)),
          new EntryRecord(
              1 + (random.nextLong() >>> random.nextInt(2, 64)),
              "K" + "i".repeat(random.nextInt(63)),
              new SpecHash(Bytes32.sha256("s")),
              random.nextBoolean() ? Optional.of(Cid.of(Codec.RAW, part)) : Optional.empty(),
              CborValue.of(part),
              new Validity(start, start.plusSeconds(1 + random.nextInt(9999))),
              EntryStatus.values()[random.nextInt(3)],
              random.nextLong() >>> random.nextInt(1, 64)));
    }
    return DeviceEntry.of(new DeviceId(Bytes32.sha256("d" + random.nextInt())), entries);
  }

  @Test
  @Tag("T15")
  void decodeDevice_random_roundTripsToTheSameBytes() throws Exception {
    Random random = new Random(21);
    for (int i = 0; i < 1_000; i++) {
      DeviceEntry device = device(random);
      byte[] bytes = DagCbor.encode(RegistryCodec.encode(device));
      DeviceEntry decoded = RegistryCodec.decodeDevice(DagCbor.decode(bytes));
      assertEquals(device, decoded);
      assertArrayEquals(bytes, DagCbor.encode(RegistryCodec.encode(decoded)));
    }
  }

  /** A damaged block is refused, or is a sound block of its own, which has one form. */
  @Test
  @Tag("T15")
  void decodeDevice_mutatedBytes_isRefusedOrEncodesToTheSame() {
    Random random = new Random(9);
    int taken = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = DagCbor.encode(RegistryCodec.encode(device(random)));
      for (int flips = 1 + random.nextInt(2); flips > 0; flips--) {
        int at = random.nextInt(
            random.nextBoolean() ? bytes.length : Math.min(bytes.length, 200)); // heads, mostly
        bytes[at] =
            (byte) (random.nextBoolean() ? bytes[at] ^ 1 << random.nextInt(8) : random.nextInt());
      }
      byte[] mutated =
          random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
      try {
        DeviceEntry decoded = RegistryCodec.decodeDevice(DagCbor.decode(mutated));
        assertArrayEquals(mutated, DagCbor.encode(RegistryCodec.encode(decoded)));
        taken++;
      } catch (MalformedCborException e) {
        assertTrue(e.getMessage().length() > 0);
      }
    }
    assertTrue(
        taken > 1_000 && taken < 19_000, "mutations do and do not reach the checks: " + taken);
  }

  /** What a flipped bit hardly makes: the same number in a longer form, which is another block of the same device. */
  @ParameterizedTest
  @ValueSource(strings = {"1801", "190001", "1a00000001", "1b0000000000000001"})
  @Tag("T15")
  void decodeDevice_numberInALongerForm_isRefused(String one) throws Exception {
    String block =
        HexFormat.of().formatHex(DagCbor.encode(RegistryCodec.encode(deviceEntry(1, 1))));
    String generation = HexFormat.of().formatHex("cgen".getBytes(StandardCharsets.US_ASCII));
    byte[] sound = HexFormat.of().parseHex(block);
    byte[] longer = HexFormat.of().parseHex(block.replace(generation + "01", generation + one));
    assertEquals(deviceEntry(1, 1), RegistryCodec.decodeDevice(DagCbor.decode(sound)));
    assertTrue(longer.length > sound.length);
    assertThrows(MalformedCborException.class, () -> DagCbor.decode(longer));
  }

  private static Arguments broken(String reason, CborMap map, String key, CborValue value) {
    return Arguments.of(reason, with(map, key, value));
  }

  private static CborMap with(CborMap map, String key, CborValue value) {
    Map<String, CborValue> entries = new HashMap<>(map.entries());
    entries.put(key, value);
    return new CborMap(entries);
  }

  private static void refused(String reason, Executable action) {
    MalformedCborException refused = assertThrows(MalformedCborException.class, action);
    assertTrue(refused.getMessage().contains(reason), refused.getMessage());
  }
}
