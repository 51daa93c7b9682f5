package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.dvault.ledger.Approval;
import io.dvault.ledger.ApprovalVerifier.Verdict;
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
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The worked example of schemas/spec/contract.md, which the Foundry tests hold too: Java gets the same bytes. */
@Tag("T8")
class ContractSpecificationTest {
  private static final LedgerRef REF =
      new LedgerRef(31337, EvmAddress.parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"));
  private static final EvmAddress CREATOR = EvmAddress.parse("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
  private static final String KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

  private final List<String> hex;
  private final VaultId vault;
  private final EvmSigner approver = EvmKeys.ofHex(KEY, "the specification's example");
  private final Eip712ApprovalVerifier verifier = new Eip712ApprovalVerifier();

  /** The lines of the example that are hex and nothing else: id, digest, signature, and the two other digests. */
  ContractSpecificationTest() throws IOException {
    Path file = Path.of(System.getProperty("dvault.root"), "schemas/spec/contract.md");
    Pattern line = Pattern.compile("0x[0-9a-f]+");
    hex = Files.readAllLines(file).stream().filter(line.asMatchPredicate()).toList();
    vault = VaultId.parse(hex.get(0));
  }

  @Test
  void digest_exampleCommit_isTheSpecified() {
    assertEquals(Bytes32.parse(hex.get(1)), verifier.digest(REF, commit()));
  }

  @Test
  void sign_exampleCommit_isTheSpecifiedAndVerifies() {
    byte[] signature = approver.sign(verifier.digest(REF, commit()));
    assertEquals(hex.get(2), "0x" + HexFormat.of().formatHex(signature));

    List<Approval> approvals = List.of(new Approval(approver.address(), signature));
    assertInstanceOf(
        Verdict.Approved.class, verifier.verify(Bytes32.parse(hex.get(1)), governance(), approvals));
  }

  @Test
  void digest_exampleGovernanceAndUnfreeze_areTheSpecified() {
    assertEquals(Bytes32.parse(hex.get(3)), verifier.digest(REF, vault, governance(), 2));
    assertEquals(Bytes32.parse(hex.get(4)), verifier.unfreezeDigest(REF, vault, 1, 1));
  }

  private Commit commit() {
    byte[] shards = new byte[32];
    shards[0] = (byte) 0x80;
    shards[31] = 1;
    Bytes32 root = Bytes32.parse("33".repeat(32));
    byte[] acts = {(byte) 0xa1, 0x61, 0x76, 0x01};
    return new Commit(
        vault, 1, Bytes32.ZERO, root, Bytes32.of(shards), Instant.ofEpochSecond(1_795_000_000), acts, 1);
  }

  private Governance governance() {
    return new Governance(List.of(approver.address()), 1, List.of(CREATOR), Duration.ofHours(1));
  }
}
