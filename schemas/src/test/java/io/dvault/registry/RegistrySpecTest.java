package io.dvault.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.cbor.CborValue;
import io.dvault.cbor.CborValue.CborBytes;
import io.dvault.cbor.Cid;
import io.dvault.cbor.Codec;
import io.dvault.dag.Block;
import io.dvault.dag.MemoryBlockStore;
import io.dvault.model.AuthorityId;
import io.dvault.model.DeviceId;
import io.dvault.model.EntryAddress;
import io.dvault.model.EntryId;
import io.dvault.model.SpecHash;
import io.dvault.model.Validity;
import io.dvault.testing.Peers;
import io.dvault.testing.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The worked examples of {@code schemas/spec/registry.md} and {@code acts.md}. */
class RegistrySpecTest {
  private static final Instant START = Instant.ofEpochSecond(1_795_000_000);
  private static final EntryId ENTRY =
      EntryId.of(Vaults.SALT, EntryAddress.parse("Token/api@gw-1"));

  private static final PublicFacts FACTS = PublicFacts.of(
      EntryAddress.parse("Token/api@gw-1"), true, new byte[] {(byte) 0xa0}, ascii("public"));

  private static EntryRecord record() {
    return record(FACTS.encrypt(Vaults.SALT, ENTRY, 1));
  }

  private static EntryRecord record(CborBytes publicPart) {
    return new EntryRecord(
        1,
        "Token",
        SpecHash.of(Vaults.SALT, new byte[] {(byte) 0xa0}),
        Optional.of(Cid.of(Codec.RAW, ascii("sealed"))),
        publicPart,
        new Validity(START, START.plus(Duration.ofDays(7))),
        EntryStatus.ACTIVE,
        0);
  }

  private static RegistryEditor.Built example() {
    AuthorityRecord authority =
        new AuthorityRecord(1, "ssh", ascii("public key blob"), AuthorityStatus.ACTIVE, START);
    return RegistryEditor.empty()
        .put(DeviceEntry.of(DeviceId.ofRecipient("age1example"), Map.of(ENTRY, record())))
        .authorities(
            new TreeMap<>(Map.of(AuthorityId.of(Vaults.SALT, "fleet-ssh"), List.of(authority))))
        .rules(new DeviceRules(
            new TreeMap<>(Map.of("Grant", Duration.ofMinutes(15))),
            Optional.empty(),
            Optional.of(new TreeSet<>(List.of("ssh-ed25519"))),
            Optional.of(List.of("/etc/ssh/dvault"))))
        .build(Vaults.VAULT, 1, Optional.empty(), START, Vaults.COMMIT);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void example_tree_isWhatTheCodeMakes() throws Exception {
    List<Block> blocks = example().newBlocks();
    List<String> names = List.of("root", "authorities", "rules", "devices", "device");
    assertEquals(names.size(), blocks.size());
    for (int i = 0; i < names.size(); i++) {
      assertArrayEquals(
          Spec.hex("registry.md", "example-" + names.get(i)), blocks.get(i).bytes(), names.get(i));
      assertTrue(Spec.text("registry.md").contains("`" + blocks.get(i).cid() + "`"), names.get(i));
    }
  }

  @Test
  void example_publicFacts_open() throws Exception {
    byte[] encrypted = Spec.hex("registry.md", "example-public");
    assertEquals(
        Optional.of(FACTS),
        PublicFacts.decrypt(Vaults.SALT, ENTRY, record(CborValue.of(encrypted))));
    assertArrayEquals(encrypted, record().publicPart().value());
    assertArrayEquals(
        new byte[] {(byte) 0xa0}, FACTS.specOf(Vaults.SALT, record().spec()).orElseThrow());
  }

  @Test
  void example_publicFacts_openWithNodesCrypto() throws Exception {
    assertEquals(
        HexFormat.of().formatHex(Spec.hex("registry.md", "example-facts")),
        nodeOpens("facts", "example-public"));
  }

  @Test
  void example_partAlone_opensWithNodesCryptoAndHasNoName() throws Exception {
    assertEquals(
        HexFormat.of().formatHex(ascii("public")), nodeOpens("part", "example-public-part"));
    CborBytes encrypted = CborValue.of(Spec.hex("registry.md", "example-public-part"));
    PublicFacts facts =
        PublicFacts.decrypt(Vaults.SALT, ENTRY, record(encrypted)).orElseThrow();
    assertEquals(
        new PublicFacts(Optional.empty(), false, Optional.empty(), ascii("public")), facts);
  }

  private static String nodeOpens(String form, String example) throws Exception {
    String script = Path.of(
            System.getProperty("dvault.root"), "schemas/src/test/js/public-part.mjs")
        .toString();
    String encrypted = HexFormat.of().formatHex(Spec.hex("registry.md", example));
    return Peers.run(
            "node", script, form, Vaults.SALT.bytes().hex(), ENTRY.toString(), "1", encrypted)
        .requireSuccess()
        .strip();
  }

  @Test
  void example_acts_areWhatTheCodeMakes() throws Exception {
    MemoryBlockStore store = new MemoryBlockStore();
    example().newBlocks().forEach(store::add);
    Registry registry = Registry.open(store, example().root(), Vaults.VAULT);
    Acts acts = Acts.of(RegistryDiff.between(Optional.empty(), registry), Vaults.COMMIT, "apply");
    assertArrayEquals(Spec.hex("acts.md", "example-acts"), acts.encode());
    assertEquals(acts, Acts.decode(Spec.hex("acts.md", "example-acts")));
  }
}
