package io.dvault.registry;

import static io.dvault.registry.Vaults.SALT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dvault.model.Bytes32;
import io.dvault.model.EntryId;
import io.dvault.model.VaultSalt;
import io.dvault.registry.PublicPart.Form;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublicPartTest {
  private static final EntryId ENTRY = Vaults.entryId(1, "host");
  private static final byte[] PLAIN = "ssh-ed25519 AAAA".getBytes(StandardCharsets.UTF_8);

  @Test
  void decrypt_encrypted_isTheSame() {
    for (int length : new int[] {0, 1, 500, PublicPart.MAX_LENGTH}) {
      byte[] plain = new byte[length];
      Arrays.fill(plain, (byte) 7);
      byte[] encrypted = PublicPart.encrypt(Form.PART, SALT, ENTRY, 3, plain);
      assertEquals(length + 28, encrypted.length);
      assertArrayEquals(
          plain, PublicPart.decrypt(Form.PART, SALT, ENTRY, 3, encrypted).orElseThrow());
    }
  }

  @Test
  void encrypt_sameInput_givesTheSameBytesAndOtherInputOthers() {
    byte[] encrypted = PublicPart.encrypt(Form.PART, SALT, ENTRY, 1, PLAIN);
    assertArrayEquals(encrypted, PublicPart.encrypt(Form.PART, SALT, ENTRY, 1, PLAIN));
    assertFalse(Arrays.equals(encrypted, PublicPart.encrypt(Form.PART, SALT, ENTRY, 2, PLAIN)));
    assertFalse(Arrays.equals(
        encrypted, PublicPart.encrypt(Form.PART, SALT, Vaults.entryId(2, "host"), 1, PLAIN)));
  }

  @Test
  void decrypt_otherSaltEntryOrGeneration_isEmpty() {
    byte[] encrypted = PublicPart.encrypt(Form.PART, SALT, ENTRY, 1, PLAIN);
    VaultSalt other = new VaultSalt(Bytes32.sha256("other"));
    assertEquals(Optional.empty(), PublicPart.decrypt(Form.PART, other, ENTRY, 1, encrypted));
    assertEquals(
        Optional.empty(),
        PublicPart.decrypt(Form.PART, SALT, Vaults.entryId(2, "host"), 1, encrypted));
    assertEquals(Optional.empty(), PublicPart.decrypt(Form.PART, SALT, ENTRY, 2, encrypted));
  }

  @Test
  void decrypt_anyFlippedBitOrCut_isEmpty() {
    byte[] encrypted = PublicPart.encrypt(Form.PART, SALT, ENTRY, 1, PLAIN);
    for (int bit = 0; bit < 8 * encrypted.length; bit++) {
      byte[] flipped = encrypted.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertEquals(Optional.empty(), PublicPart.decrypt(Form.PART, SALT, ENTRY, 1, flipped));
    }
    for (int length = 0; length < encrypted.length; length++) {
      assertEquals(
          Optional.empty(),
          PublicPart.decrypt(Form.PART, SALT, ENTRY, 1, Arrays.copyOf(encrypted, length)));
    }
  }

  @Test
  void encrypt_overTheLimit_isRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PublicPart.encrypt(Form.PART, SALT, ENTRY, 1, new byte[PublicPart.MAX_LENGTH + 1]));
    assertEquals(
        Optional.empty(),
        PublicPart.decrypt(Form.PART, SALT, ENTRY, 1, new byte[RegistryCodec.MAX_PUBLIC + 1]));
  }
}
