package io.dvault.enrolment;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.crypto.Ed25519Key;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceEnrolmentTest {
  private static final Ed25519Key KEY = key((byte) 1);
  private static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));
  private static final String RECIPIENT =
      "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
  private static final DeviceEnrolment ENROLMENT =
      new DeviceEnrolment(VAULT, "drone-7", RECIPIENT, DeviceEnrolment.signerText(KEY.publicKey()));

  private static Ed25519Key key(byte seed) {
    byte[] bytes = new byte[32];
    java.util.Arrays.fill(bytes, seed);
    return Ed25519Key.ofSeed(bytes);
  }

  @Test
  void proves_ownProof_holds() {
    assertTrue(ENROLMENT.proves(ENROLMENT.prove(KEY)));
  }

  @Test
  void proves_anythingElseChanged_doesNotHold() {
    String proof = ENROLMENT.prove(KEY);
    String signer = ENROLMENT.signer();
    String other = DeviceEnrolment.signerText(key((byte) 2).publicKey());
    VaultId otherVault = new VaultId(Bytes32.sha256("other"));
    assertFalse(new DeviceEnrolment(otherVault, "drone-7", RECIPIENT, signer).proves(proof));
    assertFalse(new DeviceEnrolment(VAULT, "drone-8", RECIPIENT, signer).proves(proof));
    assertFalse(
        new DeviceEnrolment(VAULT, "drone-7", RECIPIENT.replace("8p", "8q"), signer).proves(proof));
    assertFalse(new DeviceEnrolment(VAULT, "drone-7", RECIPIENT, other).proves(proof));
  }

  @Test
  void proves_everyFlippedBit_doesNotHold() {
    byte[] proof = Base64.getDecoder().decode(ENROLMENT.prove(KEY));
    for (int bit = 0; bit < proof.length * 8; bit++) {
      byte[] flipped = proof.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(ENROLMENT.proves(Base64.getEncoder().encodeToString(flipped)), "bit " + bit);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "AAAA", "not base64!", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"})
  void proves_malformedProof_doesNotHold(String proof) {
    assertFalse(ENROLMENT.proves(proof));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "AAAA",
        "!",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "////////////////////////////////////////////"
      })
  void parseSigner_malformed_isRefused(String signer) {
    assertThrows(IllegalArgumentException.class, () -> DeviceEnrolment.parseSigner(signer));
  }

  @Test
  void prove_withAnotherKey_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> ENROLMENT.prove(key((byte) 2)));
  }

  @Test
  void message_workedExample_isThatOfTheSpecification() throws Exception {
    String spec = Files.readString(
        Path.of(System.getProperty("dvault.root"), "schemas", "spec", "enrolment.md"));
    String flat = spec.replaceAll("\\s+", "");
    assertTrue(
        flat.contains(HexFormat.of().formatHex(ENROLMENT.message())),
        HexFormat.of().formatHex(ENROLMENT.message()));
    assertTrue(flat.contains(ENROLMENT.signer()), ENROLMENT.signer() + " " + ENROLMENT.prove(KEY));
    assertTrue(flat.contains(ENROLMENT.prove(KEY)), ENROLMENT.prove(KEY));
  }
}
