package io.dvault.ledger.evm;

import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.ledger.LedgerRef;
import io.dvault.model.Bytes32;
import io.dvault.model.VaultId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The three typed structures that approvers sign, and their digests. Source: EIP-712, schemas/spec/contract.md. */
final class Eip712 {
  private static final byte[] DOMAIN = Keccak.hash(
          "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)")
      .toArray();
  private static final byte[] NAME = Keccak.hash("dVault").toArray();
  private static final byte[] VERSION = Keccak.hash("1").toArray();
  private static final byte[] COMMIT = Keccak.hash(
          "Commit(bytes32 vault,uint64 epoch,bytes32 prevRoot,bytes32 root,"
              + "uint256 shards,uint64 notAfter,bytes acts,uint64 governanceVersion)")
      .toArray();
  private static final byte[] SET_GOVERNANCE = Keccak.hash(
          "SetGovernance(bytes32 vault,uint64 version,"
              + "address[] approvers,uint16 threshold,address[] guardians,uint64 unfreezeDelay)")
      .toArray();
  private static final byte[] UNFREEZE = Keccak.hash(
          "Unfreeze(bytes32 vault,uint64 freezes,uint64 governanceVersion)")
      .toArray();
  private static final byte[] PREFIX = {0x19, 0x01};

  private Eip712() {}

  static Bytes32 digest(LedgerRef ref, Commit commit) {
    return digest(
        ref,
        Keccak.hash(
            COMMIT,
            commit.vault().bytes().toArray(),
            word(commit.epoch()),
            commit.prevRoot().toArray(),
            commit.root().toArray(),
            commit.shards().toArray(),
            word(commit.notAfter().getEpochSecond()),
            Keccak.hash(commit.acts()).toArray(),
            word(commit.governanceVersion())));
  }

  static Bytes32 digest(LedgerRef ref, VaultId vault, Governance next, long version) {
    return digest(
        ref,
        Keccak.hash(
            SET_GOVERNANCE,
            vault.bytes().toArray(),
            word(version),
            words(next.approvers()),
            word(next.threshold()),
            words(next.guardians()),
            word(next.unfreezeDelay().toSeconds())));
  }

  static Bytes32 unfreezeDigest(
      LedgerRef ref, VaultId vault, long freezes, long governanceVersion) {
    return digest(
        ref,
        Keccak.hash(UNFREEZE, vault.bytes().toArray(), word(freezes), word(governanceVersion)));
  }

  private static Bytes32 digest(LedgerRef ref, Bytes32 struct) {
    return Keccak.hash(PREFIX, domain(ref).toArray(), struct.toArray());
  }

  private static Bytes32 domain(LedgerRef ref) {
    return Keccak.hash(DOMAIN, NAME, VERSION, word(ref.chainId()), word(ref.contract()));
  }

  /** The values of OpenZeppelin's EIP712 immutables, each of which is one word in the deployed code. */
  static Set<Bytes32> immutables(LedgerRef ref) {
    return Set.of(
        domain(ref),
        Bytes32.of(word(ref.chainId())),
        Bytes32.of(word(ref.contract())),
        Bytes32.of(NAME),
        Bytes32.of(VERSION),
        shortString("dVault"),
        shortString("1"));
  }

  // OpenZeppelin ShortStrings: the text from the left, its length in the last byte.
  private static Bytes32 shortString(String ascii) {
    byte[] word = Arrays.copyOf(ascii.getBytes(StandardCharsets.US_ASCII), AbiReader.WORD);
    word[AbiReader.WORD - 1] = (byte) ascii.length();
    return Bytes32.of(word);
  }

  // Negative numbers have no place in these types; they would sign as huge ones.
  private static byte[] word(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a negative number cannot be signed: " + value);
    }
    return ByteBuffer.allocate(AbiReader.WORD)
        .putLong(AbiReader.WORD - Long.BYTES, value)
        .array();
  }

  private static byte[] word(EvmAddress address) {
    byte[] word = new byte[AbiReader.WORD];
    System.arraycopy(
        address.toArray(), 0, word, AbiReader.WORD - EvmAddress.LENGTH, EvmAddress.LENGTH);
    return word;
  }

  // EIP-712, encodeData: an array is the hash of its elements' words.
  private static byte[] words(List<EvmAddress> addresses) {
    return Keccak.hash(addresses.stream().map(Eip712::word).toArray(byte[][]::new))
        .toArray();
  }
}
