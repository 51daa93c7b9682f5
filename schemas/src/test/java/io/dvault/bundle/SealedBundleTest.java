package io.dvault.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.dvault.bundle.SealedBundle.Expected;
import io.dvault.bundle.SealedBundle.Result;
import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborMap;
import io.dvault.cbor.DagCbor;
import io.dvault.model.Bytes32;
import io.dvault.model.DeviceId;
import io.dvault.model.DiagnosticException;
import io.dvault.model.EntryId;
import io.dvault.model.Validity;
import io.dvault.model.VaultId;
import io.dvault.testing.Peers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SealedBundleTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Identity DEVICE = Identity.generate(RANDOM);
  private static final Identity OTHER_DEVICE = Identity.generate(RANDOM);
  private static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));
  private static final EntryId ENTRY = new EntryId(Bytes32.sha256("entry"));
  private static final Validity VALIDITY =
      new Validity(Instant.parse("2026-11-22T10:00:00Z"), Instant.parse("2026-11-29T10:00:00Z"));
  private static final String CANARY = "canary-4f1d-do-not-print";
  private static final Expected EXPECTED =
      new Expected(VAULT, DEVICE.recipient().deviceId(), ENTRY, 3, VALIDITY, "Token", 12);

  private static Payload payload(int materialLength) {
    String token = CANARY + "x".repeat(materialLength);
    CborMap material = CborValue.of(Map.of("token", CborValue.of(token)));
    CborMap install = CborValue.of(
        Map.of("path", CborValue.of("/etc/app"), "name", CborValue.of("Token/app@drone-7")));
    return new Payload(
        VAULT, DEVICE.recipient().deviceId(), ENTRY, 3, 12, VALIDITY, "Token", material, install);
  }

  @Test
  void open_atItsPlace_givesPayloadBack() {
    byte[] file = SealedBundle.seal(payload(5), DEVICE.recipient(), RANDOM);
    Result.Opened opened =
        assertInstanceOf(Result.Opened.class, SealedBundle.open(file, DEVICE, EXPECTED));
    assertEquals(payload(5), opened.payload());
  }

  @Test
  @Tag("O5")
  @Tag("T34")
  void open_otherDevice_isNotForUs() {
    byte[] file = SealedBundle.seal(payload(5), DEVICE.recipient(), RANDOM);
    assertInstanceOf(Result.NotForUs.class, SealedBundle.open(file, OTHER_DEVICE, EXPECTED));
  }

  @TestFactory
  @Tag("T18")
  Stream<DynamicTest> open_transplanted_namesTheField() {
    Bytes32 else32 = Bytes32.sha256("else");
    DeviceId device = EXPECTED.device();
    Validity earlier = new Validity(VALIDITY.notBefore().minusSeconds(1), VALIDITY.notAfter());
    Validity longer = new Validity(VALIDITY.notBefore(), VALIDITY.notAfter().plusSeconds(1));
    Map<String, Expected> places = new LinkedHashMap<>();
    places.put("vault", new Expected(new VaultId(else32), device, ENTRY, 3, VALIDITY, "Token", 12));
    places.put(
        "device", new Expected(VAULT, new DeviceId(else32), ENTRY, 3, VALIDITY, "Token", 12));
    places.put("entry", new Expected(VAULT, device, new EntryId(else32), 3, VALIDITY, "Token", 12));
    places.put("generation", new Expected(VAULT, device, ENTRY, 4, VALIDITY, "Token", 12));
    places.put("kind", new Expected(VAULT, device, ENTRY, 3, VALIDITY, "SshKey", 12));
    places.put("notBefore", new Expected(VAULT, device, ENTRY, 3, earlier, "Token", 12));
    places.put("notAfter", new Expected(VAULT, device, ENTRY, 3, longer, "Token", 12));
    places.put("epoch", new Expected(VAULT, device, ENTRY, 3, VALIDITY, "Token", 11));
    byte[] file = SealedBundle.seal(payload(5), DEVICE.recipient(), RANDOM);
    return places.entrySet().stream()
        .map(place -> dynamicTest(place.getKey(), () -> {
          Result.Misplaced misplaced = assertInstanceOf(
              Result.Misplaced.class, SealedBundle.open(file, DEVICE, place.getValue()));
          assertEquals(place.getKey(), misplaced.field());
          assertFalse(misplaced.expected().equals(misplaced.actual()));
        }));
  }

  private static CborMap key(byte[] bytes) {
    return CborValue.of(
        Map.of("key", CborValue.of(bytes), "parts", CborValue.of(List.of(CborValue.of(bytes)))));
  }

  private static Payload ofKey() {
    Payload p = payload(5);
    CborMap material = key(new byte[] {1, 2, 3});
    return new Payload(VAULT, p.device(), ENTRY, 3, 12, VALIDITY, "Token", material, p.install());
  }

  @Test
  @Tag("T18")
  void check_misplaced_wipesTheMaterial() {
    Payload payload = ofKey();
    Expected elsewhere = new Expected(VAULT, EXPECTED.device(), ENTRY, 4, VALIDITY, "Token", 12);
    assertInstanceOf(Result.Misplaced.class, SealedBundle.check(payload, elsewhere));
    assertEquals(key(new byte[3]), payload.material());
    Payload good = ofKey();
    assertInstanceOf(Result.Opened.class, SealedBundle.check(good, EXPECTED));
    assertEquals(key(new byte[] {1, 2, 3}), good.material());
  }

  @Test
  void decode_headerThatIsNoHeader_wipesTheMaterial() throws Exception {
    CborMap whole = (CborMap) DagCbor.decode(PayloadCodec.encode(ofKey()));
    Map<String, CborValue> fields = new LinkedHashMap<>(whole.entries());
    for (Map.Entry<String, CborValue> wrong : Map.of(
            "gen",
            CborValue.of(0),
            "kind",
            CborValue.of(7),
            "notBefore",
            fields.get("notAfter"),
            "install",
            CborValue.of("no map"))
        .entrySet()) {
      Map<String, CborValue> changed = new LinkedHashMap<>(fields);
      CborMap material = key(new byte[] {1, 2, 3});
      changed.put("material", material);
      changed.put(wrong.getKey(), wrong.getValue());
      assertThrows(
          MalformedPayloadException.class,
          () -> PayloadCodec.decode(CborValue.of(changed)),
          wrong.getKey());
      assertEquals(key(new byte[3]), material, wrong.getKey());
    }
  }

  @Test
  void open_laterRoot_stillFits() {
    byte[] file = SealedBundle.seal(payload(5), DEVICE.recipient(), RANDOM);
    Expected later = new Expected(VAULT, EXPECTED.device(), ENTRY, 3, VALIDITY, "Token", 900);
    assertInstanceOf(Result.Opened.class, SealedBundle.open(file, DEVICE, later));
  }

  @Test
  @Tag("T18")
  void seal_recipientOfAnotherDevice_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> SealedBundle.seal(payload(5), OTHER_DEVICE.recipient(), RANDOM));
  }

  @Test
  @Tag("T19")
  void seal_classicDevice_needsTheExplicitChoice() {
    Identity classic = Identity.generateClassic(RANDOM);
    Payload p = payload(5);
    DeviceId device = classic.recipient().deviceId();
    Payload payload =
        new Payload(VAULT, device, ENTRY, 3, 12, VALIDITY, "Token", p.material(), p.install());
    assertThrows(
        DiagnosticException.class, () -> SealedBundle.seal(payload, classic.recipient(), RANDOM));
    byte[] file = SealedBundle.seal(payload, classic.recipient(), PostQuantum.WAIVED, RANDOM);
    Expected expected = new Expected(VAULT, payload.device(), ENTRY, 3, VALIDITY, "Token", 12);
    assertInstanceOf(Result.Opened.class, SealedBundle.open(file, classic, expected));
  }

  @Test
  void seal_anyMaterialLength_opensAndShowsOnlyTheSizeClass() {
    Set<Integer> lengths = new TreeSet<>();
    for (int length = 0; length < 4_000; length += length < 1_500 ? 1 : 53) {
      byte[] plaintext = PayloadCodec.encode(payload(length));
      lengths.add(plaintext.length);
      assertEquals(payload(length), decode(plaintext));
    }
    assertEquals(Set.of(1024, 2048, 4096, 8192), lengths);
    lengths.clear();
    for (int length = 0; length < 600; length += 10) {
      lengths.add(SealedBundle.seal(payload(length), DEVICE.recipient(), RANDOM).length);
    }
    assertEquals(1, lengths.size());
  }

  @Test
  void seal_generationOrEpochZero_isRefused() {
    Payload p = payload(5);
    for (long[] bad : new long[][] {{0, 12}, {3, 0}}) {
      Payload payload = new Payload(
          VAULT, p.device(), ENTRY, bad[0], bad[1], VALIDITY, "Token", p.material(), p.install());
      assertThrows(
          IllegalArgumentException.class,
          () -> SealedBundle.seal(payload, DEVICE.recipient(), RANDOM));
    }
  }

  @Test
  void seal_materialPastTheLargestClass_isRefused() {
    Payload large = payload(500_000);
    assertInstanceOf(
        Result.Opened.class,
        SealedBundle.open(SealedBundle.seal(large, DEVICE.recipient(), RANDOM), DEVICE, EXPECTED));
    assertThrows(
        IllegalArgumentException.class,
        () -> SealedBundle.seal(payload(600_000), DEVICE.recipient(), RANDOM));
  }

  @TestFactory
  @Tag("T15")
  Stream<DynamicTest> open_authenticButNotAPayload_isMalformed() throws Exception {
    CborMap good = (CborMap) DagCbor.decode(PayloadCodec.encode(payload(5)));
    Map<String, CborMap> bad = new LinkedHashMap<>();
    bad.put("version 2", with(good, "v", CborValue.of(2)));
    bad.put("unknown field", with(good, "w", CborValue.of(2)));
    bad.put("short vault", with(good, "vault", CborValue.of(new byte[31])));
    bad.put("generation zero", with(good, "gen", CborValue.of(0)));
    bad.put("ends before it starts", with(good, "notAfter", CborValue.of(5)));
    bad.put("material is text", with(good, "material", CborValue.of(CANARY)));
    for (String field : good.entries().keySet()) {
      Map<String, CborValue> fewer = new LinkedHashMap<>(good.entries());
      fewer.remove(field);
      bad.put("no " + field, CborValue.of(fewer));
    }
    Map<String, byte[]> plaintexts = new LinkedHashMap<>();
    bad.forEach((name, map) -> plaintexts.put(name, repad(map)));
    plaintexts.put("not padded", DagCbor.encode(with(good, "pad", CborValue.of(new byte[3]))));
    byte[] dirty = new byte[((CborValue.CborBytes) good.find("pad").orElseThrow()).value().length];
    dirty[dirty.length - 1] = 1;
    plaintexts.put("padding not zero", DagCbor.encode(with(good, "pad", CborValue.of(dirty))));
    plaintexts.put(
        "not cbor", CANARY.repeat(64).substring(0, 1024).getBytes(StandardCharsets.US_ASCII));
    return plaintexts.entrySet().stream()
        .map(entry -> dynamicTest(entry.getKey(), () -> {
          byte[] file = AgeFile.seal(List.of(DEVICE.recipient()), entry.getValue(), RANDOM);
          Result result = SealedBundle.open(file, DEVICE, EXPECTED);
          Result.Malformed malformed = assertInstanceOf(Result.Malformed.class, result);
          assertFalse(malformed.reason().contains("canary"), malformed.reason());
        }));
  }

  @Test
  @Tag("T27")
  void anything_printed_holdsNoSecret() {
    Payload payload = payload(5);
    byte[] file = SealedBundle.seal(payload, DEVICE.recipient(), RANDOM);
    Result result = SealedBundle.open(file, DEVICE, EXPECTED);
    for (Object printed : List.of(payload, result, DEVICE, EXPECTED)) {
      assertFalse(printed.toString().contains(CANARY), printed.getClass().toString());
    }
    assertFalse(new String(file, StandardCharsets.ISO_8859_1).contains("canary"));
    Throwable refused = assertThrows(
        RuntimeException.class, () -> SealedBundle.seal(payload, OTHER_DEVICE.recipient(), RANDOM));
    assertFalse(refused.toString().contains(CANARY));
    Throwable tooLong = assertThrows(
        RuntimeException.class,
        () -> SealedBundle.seal(payload(600_000), DEVICE.recipient(), RANDOM));
    assertFalse(tooLong.toString().contains(CANARY));
  }

  @Test
  @Tag("peer:age")
  void goAge_sealedBundle_opens(@TempDir Path folder) throws Exception {
    Path age = Peers.path("age");
    Files.write(folder.resolve("b.age"), SealedBundle.seal(payload(5), DEVICE.recipient(), RANDOM));
    try (var text = IdentityFile.write(DEVICE, Instant.EPOCH)) {
      Files.write(folder.resolve("id.txt"), text.borrow());
    }
    Peers.run(
            age.toString(),
            "-d",
            "-i",
            folder.resolve("id.txt").toString(),
            "-o",
            folder.resolve("plain").toString(),
            folder.resolve("b.age").toString())
        .requireSuccess();
    byte[] plaintext = Files.readAllBytes(folder.resolve("plain"));
    assertArrayEquals(PayloadCodec.encode(payload(5)), plaintext);
    assertTrue(new String(plaintext, StandardCharsets.ISO_8859_1).contains(CANARY));
  }

  private static CborMap with(CborMap map, String field, CborValue value) {
    Map<String, CborValue> changed = new LinkedHashMap<>(map.entries());
    changed.put(field, value);
    return CborValue.of(changed);
  }

  /** Pads to 1 KiB again where the map still has padding, so that only the change under test is wrong. */
  private static byte[] repad(CborMap map) {
    int length = DagCbor.encode(map).length;
    if (map.find("pad").isEmpty() || length == 1024) {
      return java.util.Arrays.copyOf(DagCbor.encode(map), 1024);
    }
    int pad = ((CborValue.CborBytes) map.find("pad").orElseThrow()).value().length;
    return DagCbor.encode(with(map, "pad", CborValue.of(new byte[pad + 1024 - length])));
  }

  private static Payload decode(byte[] plaintext) {
    try {
      return PayloadCodec.decode(plaintext);
    } catch (MalformedPayloadException e) {
      throw new AssertionError(e);
    }
  }
}
