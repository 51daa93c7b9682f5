package io.dvault.ledger.evm;

import io.dvault.json.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A custom error of IDVault, in words.
 *
 * @param name as in IDVault.sol; {@code revert} for what is not ours
 * @param detail one sentence for the user
 */
record ContractError(String name, String detail) {
  static final String STALE_EPOCH = "StaleEpoch";
  static final String VAULT_EXISTS = "VaultExists";

  private record Known(String signature, Function<AbiReader, String> words) {
    String name() {
      return signature.substring(0, signature.indexOf('('));
    }
  }

  private static final Map<String, Known> BY_SELECTOR = Stream.of(
          new Known(
              "UnknownVault(bytes32)",
              e -> "there is no vault " + e.bytes32(0) + " in this contract"),
          new Known("VaultExists(bytes32)", e -> "vault " + e.bytes32(0) + " exists already"),
          new Known(
              "StaleEpoch(uint64,uint64)",
              e -> "the head is at epoch " + e.number(1) + ", expected " + e.number(0)),
          new Known("EmptyRoot()", e -> "the root is zero"),
          new Known(
              "NotAfterPassed(uint64,uint64)",
              e -> "not-after " + at(e, 0) + " has passed; the chain's time is " + at(e, 1)),
          new Known(
              "ActsTooLong(uint256,uint256)",
              e -> "acts have " + e.number(1) + " bytes, at most " + e.number(0) + " fit"),
          new Known(
              "VaultFrozen(uint64)",
              e ->
                  "a guardian froze the vault; approvers can unfreeze it from " + at(e, 0) + " on"),
          new Known("VaultNotFrozen()", e -> "the vault is not frozen"),
          new Known(
              "UnfreezeTooEarly(uint64,uint64)",
              e -> "the freeze lasts until " + at(e, 0) + "; the chain's time is " + at(e, 1)),
          new Known(
              "TooFewApprovals(uint256,uint256)",
              e -> e.number(0) + " approvals are needed, got " + e.number(1)),
          new Known(
              "NotApprover(address)",
              e -> EvmKeys.checksummed(e.address(0)) + " is no approver of this vault"),
          new Known(
              "NotGuardian(address)",
              e -> EvmKeys.checksummed(e.address(0)) + " is no guardian of this vault"),
          new Known(
              "InvalidSignature(address)",
              e -> "the approval of " + EvmKeys.checksummed(e.address(0)) + " does not sign this"),
          new Known(
              "NotAscending(address,address)",
              e -> "signers must strictly ascend: " + e.address(1) + " follows " + e.address(0)),
          new Known(
              "ApproversOutOfRange(uint256,uint256)",
              e -> "a vault has 1 to " + e.number(0) + " approvers, got " + e.number(1)),
          new Known(
              "TooManyGuardians(uint256,uint256)",
              e -> "a vault has at most " + e.number(0) + " guardians, got " + e.number(1)),
          new Known(
              "ThresholdOutOfRange(uint256,uint256)",
              e -> "the threshold must be 1 to " + e.number(0) + " (the number of approvers), got "
                  + e.number(1)),
          new Known(
              "UnfreezeDelayTooLong(uint64,uint64)",
              e ->
                  "the unfreeze delay is at most " + e.number(0) + " s, got " + e.number(1) + " s"),
          new Known(
              "RevocationsOutOfRange(uint256,uint256)",
              e -> "1 to " + e.number(0) + " revocations fit one transaction, got " + e.number(1)))
      .collect(Collectors.toUnmodifiableMap(
          known -> Hex.data(Abi.selector(known.signature())), known -> known));

  /** @param revert what the reverted call returned; may be anything */
  static ContractError decode(byte[] revert) {
    Optional<Known> known = revert.length < 4
        ? Optional.empty()
        : Optional.ofNullable(BY_SELECTOR.get(Hex.data(Arrays.copyOf(revert, 4))));
    return known
        .map(error -> read(error, revert))
        .orElseGet(() -> new ContractError(
            "revert",
            "the contract refused without a reason that we know ("
                + (revert.length == 0
                    ? "no data"
                    : Hex.data(Arrays.copyOf(revert, Math.min(revert.length, 36))))
                + ")"));
  }

  private static ContractError read(Known known, byte[] revert) {
    try {
      return new ContractError(known.name(), known.words().apply(AbiReader.afterSelector(revert)));
    } catch (Json.MalformedAnswer e) {
      return new ContractError(known.name(), "malformed: " + e.getMessage());
    }
  }

  /** The signatures of all known errors: a test holds them against the ABI. */
  static Stream<String> signatures() {
    return BY_SELECTOR.values().stream().map(Known::signature);
  }

  private static Instant at(AbiReader error, int slot) {
    return error.time(slot);
  }
}
