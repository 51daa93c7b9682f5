package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.StructuredDataEncoder;

/** The example of schemas/spec/contract.md, in Java; the same lines hold forge's tests and the contract. */
class SpecificationTest {
  private static final LedgerRef REF =
      new LedgerRef(31337, EvmAddress.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"));
  private static final EvmAddress CREATOR =
      EvmAddress.parse("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  private static final EvmSigner APPROVER = EvmKeys.ofHex(
      "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d", "contract.md");
  private static final VaultId VAULT = Abi.vaultId(CREATOR, Bytes32.parse("0".repeat(63) + "1"));
  private static final Commit COMMIT = new Commit(
      VAULT,
      1,
      Bytes32.ZERO,
      Bytes32.parse("33".repeat(32)),
      Bytes32.parse("8" + "0".repeat(62) + "1"),
      Instant.ofEpochSecond(1_795_000_000),
      Hex.parseData("0xa1617601"),
      1);
  private static final Eip712ApprovalVerifier VERIFIER = new Eip712ApprovalVerifier();

  private static String specification;

  @BeforeAll
  static void read() throws IOException {
    specification =
        Files.readString(Path.of(System.getProperty("dvault.root"), "schemas/spec/contract.md"));
  }

  private static void assertSays(String hex) {
    assertTrue(specification.lines().anyMatch(hex::equals), hex);
  }

  @Test
  void vaultId_isThatOfTheExample() {
    assertSays(Hex.data(VAULT.bytes()));
  }

  @Test
  void commit_digestAndSignature_areThoseOfTheExample() {
    Bytes32 digest = VERIFIER.digest(REF, COMMIT);

    assertSays(Hex.data(digest));
    assertSays(Hex.data(APPROVER.sign(digest)));
    assertTrue(specification.contains(EvmKeys.checksummed(APPROVER.address())));
  }

  @Test
  void commit_asWalletsHashIt_isTheSame() throws IOException {
    String json = specification.split("```json\n")[1].split("\n```")[0];

    assertEquals(
        VERIFIER.digest(REF, COMMIT),
        Bytes32.of(new StructuredDataEncoder(json).hashStructuredData()));
  }

  @Test
  void governanceAndUnfreeze_areThoseOfTheExample() {
    Governance next =
        new Governance(List.of(APPROVER.address()), 1, List.of(CREATOR), Duration.ofSeconds(3600));

    assertSays(Hex.data(VERIFIER.digest(REF, VAULT, next, 2)));
    assertSays(Hex.data(VERIFIER.unfreezeDigest(REF, VAULT, 1, 1)));
  }
}
