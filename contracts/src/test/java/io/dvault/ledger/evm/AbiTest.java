package io.dvault.ledger.evm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dvault.json.Json;
import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmSigner;
import io.dvault.ledger.Governance;
import io.dvault.ledger.testing.VaultFixture;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AbiTest {
  private static List<Json.Obj> abi(String type) throws IOException {
    try (InputStream in = Abi.class.getResourceAsStream("/io/dvault/ledger/DVault.abi.json")) {
      return Json.parse(in.readAllBytes()).asList().stream()
          .map(Json::asObject)
          .filter(item -> item.text("type").equals(type))
          .toList();
    }
  }

  private static String signature(Json.Obj item) {
    return item.text("name") + types(item.get("inputs"));
  }

  private static String types(Json inputs) {
    return inputs.asList().stream()
        .map(Json::asObject)
        .map(input -> input.text("type").startsWith("tuple")
            ? types(input.get("components")) + input.text("type").substring(5)
            : input.text("type"))
        .collect(Collectors.joining(",", "(", ")"));
  }

  @Test
  void errors_areThoseOfTheContract() throws IOException {
    Set<String> ours = ContractError.signatures().collect(Collectors.toCollection(TreeSet::new));
    // OpenZeppelin's EIP712 brings two of its own, for names longer than 31 bytes.
    Set<String> theirs = abi("error").stream()
        .map(AbiTest::signature)
        .filter(error -> !error.matches("InvalidShortString.*|StringTooLong.*"))
        .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(theirs, ours);
  }

  @Test
  void events_areThoseOfTheContract() throws IOException {
    Set<Bytes32> ours = Set.of(
        LogEntry.VAULT_CREATED,
        LogEntry.COMMITTED,
        LogEntry.GOVERNANCE_CHANGED,
        LogEntry.REVOKED,
        LogEntry.FROZEN,
        LogEntry.UNFROZEN);

    assertEquals(
        abi("event").stream()
            .map(AbiTest::signature)
            .filter(event -> !event.equals("EIP712DomainChanged()"))
            .map(Keccak::hash)
            .collect(Collectors.toSet()),
        ours);
  }

  @Test
  void functions_weCall_existInTheContract() throws IOException {
    Set<String> theirs = abi("function").stream()
        .map(item -> Hex.data(Abi.selector(signature(item))))
        .collect(Collectors.toSet());

    Stream.of(
            Abi.HEAD,
            Abi.GOVERNANCE_OF,
            Abi.REVOKED,
            Abi.CREATE_VAULT,
            Abi.COMMIT,
            Abi.SET_GOVERNANCE,
            Abi.REVOKE,
            Abi.FREEZE,
            Abi.UNFREEZE)
        .forEach(selector -> assertTrue(theirs.contains(Hex.data(selector)), Hex.data(selector)));
  }

  @Test
  void selectors_areHashesOfTheirSignatures() {
    String governance = "(address[],uint16,address[],uint64)";
    String approvals = "(address,bytes)[]";
    Map.of(
            "head(bytes32)",
            Abi.HEAD,
            "governance(bytes32)",
            Abi.GOVERNANCE_OF,
            "revoked(bytes32,bytes32[])",
            Abi.REVOKED,
            "createVault(bytes32," + governance + ")",
            Abi.CREATE_VAULT,
            "commit(bytes32,uint64,bytes32,uint256,uint64,bytes," + approvals + ")",
            Abi.COMMIT,
            "setGovernance(bytes32," + governance + "," + approvals + "," + approvals + ")",
            Abi.SET_GOVERNANCE,
            "revoke(bytes32,bytes32[])",
            Abi.REVOKE,
            "freeze(bytes32)",
            Abi.FREEZE,
            "unfreeze(bytes32," + approvals + ")",
            Abi.UNFREEZE,
            "isValidSignature(bytes32,bytes)",
            Abi.IS_VALID_SIGNATURE)
        .forEach((signature, selector) ->
            assertEquals(Hex.data(Abi.selector(signature)), Hex.data(selector), signature));
  }

  @Test
  void revoked_writtenOut_isWhatWeb3jMakesOfTheSameArguments() {
    VaultId vault = new VaultId(Bytes32.sha256("v"));
    for (int count : new int[] {0, 1, 300}) {
      List<RevocationId> ids = IntStream.range(0, count)
          .mapToObj(i -> new RevocationId(Bytes32.sha256("id" + i)))
          .toList();
      byte[] expected = Abi.revoke(vault, ids);
      System.arraycopy(Abi.REVOKED, 0, expected, 0, Abi.REVOKED.length);
      assertArrayEquals(expected, Abi.revoked(vault, ids));
    }
  }

  @Test
  void encoded_readBack_isTheSame() {
    List<EvmSigner> keys = VaultFixture.newKeys(3);
    Commit commit = new Commit(
        new VaultId(Bytes32.sha256("v")),
        5,
        Bytes32.ZERO,
        Bytes32.sha256("r"),
        Bytes32.sha256("shards"),
        Instant.ofEpochSecond(77),
        new byte[33],
        1);
    List<Approval> approvals = VaultFixture.approvals(Bytes32.ZERO, keys);
    Governance governance = new Governance(
        keys.stream().map(EvmSigner::address).toList(), 2, List.of(), Duration.ofDays(3));

    AbiReader call = AbiReader.afterSelector(Abi.commit(commit, approvals));
    assertEquals(4, call.number(1));
    assertEquals(commit.shards(), call.bytes32(3));
    assertEquals(commit.notAfter(), call.time(4));
    assertArrayEquals(commit.acts(), call.bytes(5, 1024));
    assertEquals(approvals, AbiTypes.approvals(call, 6));
    AbiReader change = AbiReader.afterSelector(
        Abi.setGovernance(commit.vault(), governance, approvals, List.of()));
    assertEquals(governance, AbiTypes.governance(change.tuple(1)));
    assertEquals(List.of(), AbiTypes.approvals(change, 3));
  }

  @Test
  @Tag("T14")
  void read_cutOrBrokenData_isMalformedAndTakesNoMemory() {
    List<Approval> approvals = VaultFixture.approvals(Bytes32.ZERO, VaultFixture.newKeys(2));
    Commit commit = new Commit(
        new VaultId(Bytes32.ZERO),
        1,
        Bytes32.ZERO,
        Bytes32.sha256("r"),
        Bytes32.ZERO,
        Instant.EPOCH,
        new byte[40],
        1);
    byte[] whole = Abi.commit(commit, approvals);
    for (int length = 4; length < whole.length - 31; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(Json.MalformedAnswer.class, () -> readAll(cut), "cut at " + length);
    }
    Random random = new Random(42);
    for (int round = 0; round < 20_000; round++) {
      byte[] broken = whole.clone();
      for (int i = 0; i < 3; i++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      }
      try {
        readAll(broken);
      } catch (Json.MalformedAnswer e) {
        assertTrue(e.getMessage().length() < 100);
      }
    }
  }

  private static void readAll(byte[] calldata) {
    AbiReader fields = AbiReader.afterSelector(calldata);
    AbiTypes.approvals(fields, 6);
    fields.bytes(5, Commit.MAX_ACTS);
    fields.time(4);
    fields.number(1);
  }
}
