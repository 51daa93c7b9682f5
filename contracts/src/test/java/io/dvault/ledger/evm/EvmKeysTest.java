package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.Diagnostic;
import io.dvault.model.DiagnosticException;
import io.dvault.model.SecretBytes;
import io.dvault.model.SecretVariables;
import io.dvault.testing.Peers;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class EvmKeysTest {
  private static final EndpointSettings LOCAL =
      EndpointSettings.of(URI.create("http://127.0.0.1:8545"));
  private static final EndpointSettings REMOTE =
      EndpointSettings.of(URI.create("https://rpc.example.org/key"));
  private static final String KEY_0 =
      "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
  private static final String ADDRESS_0 = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

  @TempDir
  Path folder;

  private static Diagnostic refused(String code, Executable action) {
    Diagnostic diagnostic =
        assertThrows(DiagnosticException.class, action).diagnostics().getFirst();
    assertEquals(code, diagnostic.code());
    return diagnostic;
  }

  private static SecretBytes password(String text) {
    return SecretBytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private EvmSigner open(
      String reference, Map<String, String> environment, long chainId, EndpointSettings settings) {
    return EvmKeys.open(
        reference, SecretVariables.of(environment), Optional.empty(), chainId, settings);
  }

  @Test
  void devnet_everyKey_isTheOneThatAnvilFunds() {
    try (AnvilProcess anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
        Failover rpc = Failover.of(anvil.endpoint())) {
      List<EvmAddress> funded = rpc.call("eth_accounts").asList().stream()
          .map(account -> EvmAddress.parse(account.asText()))
          .toList();
      for (int i = 0; i < EvmKeys.DEVNET_KEYS; i++) {
        assertEquals(funded.get(i), EvmKeys.devnet(i, 31337, anvil.endpoint()).address());
      }
    }
  }

  @Test
  @Tag("T37")
  void devnetKey_onAnotherChainOrEndpoint_isRefusedHoweverItComes() {
    Map<String, String> environment = Map.of("GAS", "0x" + KEY_0);
    assertEquals(
        EvmAddress.parse(ADDRESS_0), open("devnet:0", Map.of(), 31337, LOCAL).address());
    assertEquals(
        EvmAddress.parse(ADDRESS_0), open("env:GAS", environment, 31337, LOCAL).address());

    Diagnostic refusal = refused("DV603", () -> open("devnet:0", Map.of(), 1, LOCAL));
    refused("DV603", () -> open("devnet:9", Map.of(), 31337, REMOTE));
    refused("DV603", () -> open("env:GAS", environment, 31337, REMOTE));
    refused("DV603", () -> open("env:GAS", environment, 1, LOCAL));
    refused(
        "DV603",
        () -> open(
            "devnet:0",
            Map.of(),
            31337,
            new EndpointSettings(List.of(LOCAL.rpc().getFirst(), REMOTE.rpc().getFirst()), 1)));
    refused(
        "DV603",
        () -> open(
            "devnet:0",
            Map.of(),
            31337,
            EndpointSettings.of(URI.create("http://127.0.0.1.example.org"))));
    LedgerRef mainnet = new LedgerRef(1, EvmAddress.parse(ADDRESS_0));
    refused("DV603", () -> EvmLedgerWriter.open(LOCAL, mainnet, EvmKeys.devnet(0, 31337, LOCAL)));
    // The eleventh account of the same mnemonic, which Hardhat opens too.
    EvmSigner eleventh =
        EvmKeys.ofHex("f214f2b2cd398c806f84e317254e0f0b801d0643303237d97a22a48e01628897", "test");
    refused("DV603", () -> EvmKeys.refuseDevnetKey(eleventh.address(), 1, LOCAL));
    assertTrue(refusal.detail().getFirst().contains(ADDRESS_0));
  }

  @Test
  @Tag("T37")
  void deploy_withADevnetKeyOnAnotherChain_isRefused() {
    try (AnvilProcess anvil = AnvilProcess.start(AnvilProcess.Options.defaults().withChainId(1))) {
      EvmSigner key = EvmKeys.devnet(0, 31337, LOCAL);

      refused("DV603", () -> ContractDeployment.deploy(anvil.endpoint(), key));
    }
  }

  @Test
  @Tag("T27")
  void open_badReference_neverRepeatsWhatMayBeAKey() {
    String almost = KEY_0 + "0";
    Stream.<Executable>of(
            () -> open(KEY_0, Map.of(), 31337, LOCAL),
            () -> open("hex:" + KEY_0, Map.of(), 31337, LOCAL),
            () -> open("env:" + KEY_0, Map.of(), 31337, LOCAL),
            () -> open("env:GAS", Map.of("GAS", almost), 31337, LOCAL),
            () -> open("env:GAS", Map.of("GAS", "f".repeat(64)), 31337, LOCAL),
            () -> open("devnet:10", Map.of(), 31337, LOCAL),
            () -> open("devnet:x", Map.of(), 31337, LOCAL))
        .forEach(action -> {
          Diagnostic diagnostic = refused("DV601", action);
          assertFalse(diagnostic.toString().contains(KEY_0.substring(8)), diagnostic.toString());
        });
    refused("DV601", () -> open("env:ABSENT", Map.of(), 31337, LOCAL));
  }

  @Test
  void keystore_writtenAndRead_isTheSameKeyOf0600() throws IOException {
    Path file = folder.resolve("key.json");
    EvmAddress made;
    try (SecretBytes password = password("correct horse");
        EvmSigner key = EvmKeys.createKeystore(file, password, new SecureRandom())) {
      made = key.address();
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Map<String, String> environment = Map.of("DVAULT_KEYSTORE_PASSWORD", "correct horse");
    assertEquals(made, open("keystore:" + file, environment, 1, REMOTE).address());
    Path passwordFile = Files.writeString(folder.resolve("password"), "correct horse\n");
    assertEquals(
        made,
        EvmKeys.open(
                "keystore:" + file, name -> Optional.empty(), Optional.of(passwordFile), 1, REMOTE)
            .address());
    Diagnostic wrong = refused(
        "DV602",
        () -> open("keystore:" + file, Map.of("DVAULT_KEYSTORE_PASSWORD", "wrong"), 1, REMOTE));
    assertTrue(wrong.detail().getFirst().endsWith("the password is wrong."));
    refused("DV602", () -> open("keystore:" + file, Map.of(), 1, REMOTE));
    refused("DV602", () -> EvmKeys.createKeystore(file, password("x"), new SecureRandom()));
    refused("DV602", () -> open("keystore:" + folder.resolve("absent"), environment, 1, REMOTE));
  }

  /** The test vectors of the Web3 Secret Storage definition; its scrypt one breaks RFC 7914, and is told so. */
  @Test
  void readKeystore_vectorsOfTheSpecification_openOrSayWhyNot() throws IOException {
    String pbkdf2 = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
        "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}""";
    String scrypt = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,
        "salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}""";
    EvmAddress expected = EvmKeys.ofHex(
            "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d", "test")
        .address();
    Path first = Files.writeString(folder.resolve("pbkdf2.json"), pbkdf2);
    assertEquals(expected, EvmKeys.readKeystore(first, password("testpassword")).address());
    Path second = Files.writeString(folder.resolve("scrypt.json"), scrypt);
    Diagnostic outside =
        refused("DV602", () -> EvmKeys.readKeystore(second, password("testpassword")));
    assertTrue(outside.detail().getFirst().contains("outside RFC 7914"), outside.toString());
  }

  @Test
  void readKeystore_hostileFile_isRefusedWithoutTakingAllMemory() throws IOException {
    String bomb = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"00","kdf":"scrypt","kdfparams":{"dklen":32,"n":%s,"p":1,"r":8,"salt":"00"},
        "mac":"00"},"version":3}""";
    for (String n : List.of("1073741824", "262143", "-8", "0", "1e3", "99999999999999999999")) {
      Path file = Files.writeString(folder.resolve("bomb.json"), bomb.formatted(n));
      refused("DV602", () -> EvmKeys.readKeystore(file, password("x")));
    }
    for (String text :
        List.of("", "[]", "{}", "{\"version\":3}", "{\"version\":1,\"crypto\":{}}", "nonsense")) {
      Path file = Files.writeString(folder.resolve("bad.json"), text);
      refused("DV602", () -> EvmKeys.readKeystore(file, password("x")));
    }
  }

  @Test
  @Tag("peer:geth")
  void keystore_ofGeth_opensAndOursOpensThere() throws IOException {
    String geth = Peers.path("geth").toString();
    Path password = Files.writeString(folder.resolve("password"), "shared secret");
    Peers.run(List.of(
            geth,
            "account",
            "new",
            "--lightkdf",
            "--keystore",
            folder.resolve("geth").toString(),
            "--password",
            password.toString()))
        .requireSuccess();
    Path theirs;
    try (Stream<Path> files = Files.list(folder.resolve("geth"))) {
      theirs = files.findFirst().orElseThrow();
    }
    EvmSigner opened = EvmKeys.readKeystore(theirs, password("shared secret"));
    assertTrue(theirs.toString().endsWith(opened.address().toString().substring(2)));

    EvmSigner ours = EvmKeys.createKeystore(
        folder.resolve("geth/ours.json"), password("shared secret"), new SecureRandom());
    Path answers =
        Files.writeString(folder.resolve("answers"), "new secret\nnew secret\nshared secret\n");
    // geth asks for the new password twice, then for the old one: that it writes anew shows that it
    // opened ours.
    Peers.run(List.of(
            "sh",
            "-c",
            "exec \"$0\" account update --lightkdf --keystore \"$1\" \"$2\" < \"$3\"",
            geth,
            folder.resolve("geth").toString(),
            ours.address().toString(),
            answers.toString()))
        .requireSuccess();
    assertEquals(
        ours.address(),
        EvmKeys.readKeystore(folder.resolve("geth/ours.json"), password("new secret"))
            .address());
  }

  @Test
  void checksummed_vectorsOfEip55_roundTrip() {
    for (String address : List.of(
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")) {
      assertEquals(address, EvmKeys.checksummed(EvmAddress.parse(address)));
      assertEquals(EvmAddress.parse(address), EvmKeys.parseChecksummed(address));
      assertEquals(
          EvmAddress.parse(address),
          EvmKeys.parseChecksummed(address.toLowerCase(java.util.Locale.ROOT)));
    }
    refused("DV604", () -> EvmKeys.parseChecksummed("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
    refused("DV604", () -> EvmKeys.parseChecksummed("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe"));
  }

  @Test
  void sign_afterClose_isRefusedAndPrintsNoKey() {
    EvmSigner key = EvmKeys.ofHex(KEY_0, "test");
    assertFalse(key.toString().contains(KEY_0));
    assertEquals(
        Optional.of(key.address()), Secp256k1.recover(Bytes32.ZERO, key.sign(Bytes32.ZERO)));
    key.close();
    assertThrows(IllegalStateException.class, () -> key.sign(Bytes32.ZERO));
  }
}
