package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.json.Json;
import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier.Verdict;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Sign;
import org.web3j.crypto.StructuredDataEncoder;

class Eip712ApprovalVerifierTest {
  private static final LedgerRef REF =
      new LedgerRef(31337, EvmAddress.parse("0x" + "5f".repeat(20)));
  private static final VaultId VAULT = new VaultId(Bytes32.sha256("vault"));

  private final Eip712ApprovalVerifier verifier = new Eip712ApprovalVerifier();
  private final List<EvmSigner> keys = VaultFixture.newKeys(3);
  private final Commit commit = new Commit(
      VAULT,
      7,
      Bytes32.sha256("old"),
      Bytes32.sha256("new"),
      Bytes32.ZERO,
      Instant.ofEpochSecond(1_800_000_000),
      new byte[] {1, 2, 3},
      2);
  private final Bytes32 digest = verifier.digest(REF, commit);

  private Governance governance(int threshold) {
    return new Governance(
        keys.stream().map(EvmSigner::address).toList(), threshold, List.of(), Duration.ZERO);
  }

  private List<Approval> by(EvmSigner... signers) {
    return VaultFixture.approvals(digest, List.of(signers));
  }

  private void assertRejected(String words, Governance governance, List<Approval> approvals) {
    Verdict.Rejected rejected =
        assertInstanceOf(Verdict.Rejected.class, verifier.verify(digest, governance, approvals));
    assertTrue(rejected.why().contains(words), rejected.why());
  }

  @Test
  @Tag("O17")
  void verify_enoughApproversAscending_isApprovedBy() {
    assertEquals(
        new Verdict.Approved(List.of(keys.get(0).address(), keys.get(2).address())),
        verifier.verify(digest, governance(2), by(keys.get(0), keys.get(2))));
    assertInstanceOf(
        Verdict.Approved.class,
        verifier.verify(digest, governance(1), by(keys.toArray(EvmSigner[]::new))));
  }

  @Test
  @Tag("O10")
  @Tag("O17")
  void verify_tooFewOrForeign_isRejected() {
    assertRejected("2 approvals are needed, got 1", governance(2), by(keys.get(0)));
    assertRejected("2 approvals are needed, got 0", governance(2), List.of());
    List<EvmSigner> mixed = Stream.concat(
            VaultFixture.newKeys(1).stream(), keys.subList(0, 1).stream())
        .sorted(Comparator.comparing(EvmSigner::address))
        .toList();
    assertRejected("is no approver", governance(2), by(mixed.toArray(EvmSigner[]::new)));
  }

  @Test
  void verify_impossibleThreshold_isRejected() {
    assertRejected("is impossible", governance(0), List.of());
    assertRejected("is impossible", governance(4), by(keys.toArray(EvmSigner[]::new)));
  }

  @Test
  @Tag("T9")
  void verify_duplicateOrUnsortedSigners_isRejected() {
    assertRejected("do not strictly ascend", governance(2), by(keys.get(0), keys.get(0)));
    assertRejected("do not strictly ascend", governance(2), by(keys.get(1), keys.get(0)));
  }

  @Test
  @Tag("T9")
  void verify_highSTwin_isRejected() {
    Approval honest = by(keys.get(0)).getFirst();
    byte[] twin = honest.signature();
    BigInteger s = Secp256k1.ORDER.subtract(new BigInteger(1, twin, 32, 32));
    byte[] digits = s.toByteArray();
    System.arraycopy(digits, digits.length - 32, twin, 32, 32);
    twin[64] = (byte) (twin[64] == 27 ? 28 : 27);

    assertRejected(
        "does not sign this", governance(1), List.of(new Approval(honest.signer(), twin)));
  }

  @Test
  @Tag("T9")
  void verify_anyFlippedBitOrOddForm_isRejected() {
    Approval honest = by(keys.get(0)).getFirst();
    for (int bit = 0; bit < 65 * 8; bit++) {
      byte[] flipped = honest.signature();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRejected(
          "does not sign this", governance(1), List.of(new Approval(honest.signer(), flipped)));
    }
    List<byte[]> odd =
        new ArrayList<>(List.of(new byte[0], new byte[64], new byte[65], new byte[66]));
    byte[] zeroBasedV = honest.signature();
    zeroBasedV[64] -= 27;
    odd.add(zeroBasedV);
    byte[] compact = java.util.Arrays.copyOf(honest.signature(), 64);
    odd.add(compact);
    byte[] orderAsR = honest.signature();
    System.arraycopy(Hex.parseData(Hex.quantity(Secp256k1.ORDER)), 0, orderAsR, 0, 32);
    odd.add(orderAsR);
    odd.forEach(form -> assertRejected(
        "does not sign this", governance(1), List.of(new Approval(honest.signer(), form))));
  }

  /** R = G and s = e solve to the point at infinity: a signature that anybody can make for any digest. */
  @Test
  @Tag("T9")
  void recover_pointAtInfinity_isNoSigner() {
    byte[] nobody = new byte[65];
    Bytes32 small = Bytes32.of(ByteBuffer.allocate(32).putLong(24, 42).array());
    byte[] generator = Sign.CURVE_PARAMS.getG().getEncoded(true); // its y is even
    System.arraycopy(generator, 1, nobody, 0, 32);
    System.arraycopy(small.toArray(), 0, nobody, 32, 32);
    nobody[64] = 27;

    assertEquals(Optional.empty(), Secp256k1.recover(small, nobody));
  }

  @Test
  @Tag("T8")
  void digest_bindsEveryField() {
    EvmAddress elsewhere = EvmAddress.parse("0x" + "60".repeat(20));
    List<Bytes32> others = List.of(
        verifier.digest(new LedgerRef(1, REF.contract()), commit),
        verifier.digest(new LedgerRef(REF.chainId(), elsewhere), commit),
        verifier.digest(
            REF, with(new VaultId(Bytes32.ZERO), 7, "old", "new", 0, 1_800_000_000, 3, 2)),
        verifier.digest(REF, with(VAULT, 8, "old", "new", 0, 1_800_000_000, 3, 2)),
        verifier.digest(REF, with(VAULT, 7, "older", "new", 0, 1_800_000_000, 3, 2)),
        verifier.digest(REF, with(VAULT, 7, "old", "newer", 0, 1_800_000_000, 3, 2)),
        verifier.digest(REF, with(VAULT, 7, "old", "new", 1, 1_800_000_000, 3, 2)),
        verifier.digest(REF, with(VAULT, 7, "old", "new", 0, 1_800_000_001, 3, 2)),
        verifier.digest(REF, with(VAULT, 7, "old", "new", 0, 1_800_000_000, 4, 2)),
        verifier.digest(REF, with(VAULT, 7, "old", "new", 0, 1_800_000_000, 3, 3)));

    assertEquals(
        digest, verifier.digest(REF, with(VAULT, 7, "old", "new", 0, 1_800_000_000, 3, 2)));
    others.forEach(other -> assertNotEquals(digest, other));
    assertEquals(others.size(), others.stream().distinct().count());
  }

  private static Commit with(
      VaultId vault,
      long epoch,
      String prev,
      String root,
      long shards,
      long notAfter,
      int lastAct,
      long version) {
    Bytes32 map = Bytes32.of(ByteBuffer.allocate(32).putLong(24, shards).array());
    return new Commit(
        vault,
        epoch,
        Bytes32.sha256(prev),
        Bytes32.sha256(root),
        map,
        Instant.ofEpochSecond(notAfter),
        new byte[] {1, 2, (byte) lastAct},
        version);
  }

  /** A second opinion: web3j's own EIP-712 encoder, from the JSON that wallets are given. */
  @Test
  @Tag("T8")
  void digest_ofWeb3j_isTheSame() throws IOException {
    String json = """
        {"types": {
          "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "version", "type": "string"},
            {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}],
          "Commit": [{"name": "vault", "type": "bytes32"}, {"name": "epoch", "type": "uint64"},
            {"name": "prevRoot", "type": "bytes32"}, {"name": "root", "type": "bytes32"},
            {"name": "shards", "type": "uint256"}, {"name": "notAfter", "type": "uint64"},
            {"name": "acts", "type": "bytes"}, {"name": "governanceVersion", "type": "uint64"}]},
         "primaryType": "Commit",
         "domain": {"name": "dVault", "version": "1", "chainId": 31337, "verifyingContract": "%s"},
         "message": {"vault": "0x%s", "epoch": 7, "prevRoot": "0x%s", "root": "0x%s", "shards": "0",
           "notAfter": 1800000000, "acts": "0x010203", "governanceVersion": 2}}
        """.formatted(REF.contract(), VAULT, commit.prevRoot(), commit.root());

    assertEquals(digest, Bytes32.of(new StructuredDataEncoder(json).hashStructuredData()));
  }

  @Test
  @Tag("T10")
  void verify_contractAsApprover_isAskedOnlyWhereAQuorumIsGiven() {
    try (AnvilProcess anvil = AnvilProcess.start(AnvilProcess.Options.defaults());
        Failover rpc = Failover.of(anvil.endpoint());
        EvmLedger ledger = EvmLedger.open(anvil.endpoint(), REF)) {
      EvmAddress yes = EvmAddress.parse("0x" + "11".repeat(20));
      EvmAddress reverts = EvmAddress.parse("0x" + "22".repeat(20));
      EvmAddress empty = EvmAddress.parse("0x" + "33".repeat(20));
      // PUSH4 0x1626ba7e, PUSH1 224, SHL, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN: says yes to
      // everything
      rpc.call(
          "anvil_setCode", Json.text(yes.toString()), Json.text("0x631626ba7e60e01b5f5260205ff3"));
      rpc.call("anvil_setCode", Json.text(reverts.toString()), Json.text("0x5f5ffd"));
      Eip712ApprovalVerifier asking = new Eip712ApprovalVerifier(ledger);

      assertInstanceOf(Verdict.Approved.class, verdict(asking, yes));
      assertInstanceOf(Verdict.Rejected.class, verdict(asking, reverts));
      assertInstanceOf(Verdict.Rejected.class, verdict(asking, empty));
      assertInstanceOf(Verdict.Rejected.class, verdict(verifier, yes));
    }
  }

  private Verdict verdict(Eip712ApprovalVerifier by, EvmAddress contract) {
    Governance governance = new Governance(List.of(contract), 1, List.of(), Duration.ZERO);
    return by.verify(digest, governance, List.of(new Approval(contract, new byte[] {1})));
  }
}
