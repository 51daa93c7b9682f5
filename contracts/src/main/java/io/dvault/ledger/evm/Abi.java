package io.dvault.ledger.evm;

import io.dvault.ledger.Approval;
import io.dvault.ledger.Commit;
import io.dvault.ledger.EvmAddress;
import io.dvault.ledger.Governance;
import io.dvault.model.Bytes32;
import io.dvault.model.RevocationId;
import io.dvault.model.VaultId;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Uint;

/** Calldata of IDVault's functions, but for one by web3j's encoders. */
final class Abi {
  // First four bytes of the signature's hash; written out, for to load BouncyCastle for the hash
  // takes 0.1 s.
  static final byte[] HEAD = bytes("f339e3b2");
  static final byte[] GOVERNANCE_OF = bytes("17788192");
  static final byte[] REVOKED = bytes("8cc2c54f");
  static final byte[] CREATE_VAULT = bytes("b127dbd3");
  static final byte[] COMMIT = bytes("623185ef");
  static final byte[] SET_GOVERNANCE = bytes("03c22112");
  static final byte[] REVOKE = bytes("434f0f71");
  static final byte[] FREEZE = bytes("ec13cc7b");
  static final byte[] UNFREEZE = bytes("01777f8d");
  static final byte[] IS_VALID_SIGNATURE = bytes("1626ba7e");

  private Abi() {}

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static byte[] selector(String signature) {
    return Arrays.copyOf(Keccak.hash(signature).toArray(), 4);
  }

  static byte[] head(VaultId vault) {
    return encode(HEAD, word(vault.bytes()));
  }

  static byte[] governance(VaultId vault) {
    return encode(GOVERNANCE_OF, word(vault.bytes()));
  }

  /** Written out: a plan asks for each entry of a fleet, and web3j would make hex of all of it twice. */
  static byte[] revoked(VaultId vault, List<RevocationId> ids) {
    ByteBuffer call = ByteBuffer.allocate(REVOKED.length + (3 + ids.size()) * AbiReader.WORD);
    call.put(REVOKED).put(vault.bytes().toArray());
    put(2 * AbiReader.WORD, call); // where the list starts
    put(ids.size(), call);
    ids.forEach(id -> call.put(id.bytes().toArray()));
    return call.array();
  }

  private static void put(int number, ByteBuffer words) {
    words.position(words.position() + AbiReader.WORD - Integer.BYTES).putInt(number);
  }

  static byte[] createVault(Bytes32 salt, Governance governance) {
    return encode(CREATE_VAULT, word(salt), struct(governance));
  }

  static byte[] commit(Commit commit, List<Approval> approvals) {
    return encode(
        COMMIT,
        word(commit.vault().bytes()),
        uint(commit.epoch() - 1),
        word(commit.root()),
        new Uint(new BigInteger(1, commit.shards().toArray())),
        uint(commit.notAfter().getEpochSecond()),
        new DynamicBytes(commit.acts()),
        approvals(approvals));
  }

  static byte[] setGovernance(
      VaultId vault, Governance next, List<Approval> byOld, List<Approval> byNew) {
    return encode(
        SET_GOVERNANCE, word(vault.bytes()), struct(next), approvals(byOld), approvals(byNew));
  }

  static byte[] revoke(VaultId vault, List<RevocationId> ids) {
    return encode(REVOKE, word(vault.bytes()), words(ids));
  }

  static byte[] freeze(VaultId vault) {
    return encode(FREEZE, word(vault.bytes()));
  }

  static byte[] unfreeze(VaultId vault, List<Approval> approvals) {
    return encode(UNFREEZE, word(vault.bytes()), approvals(approvals));
  }

  static byte[] isValidSignature(Bytes32 digest, byte[] signature) {
    return encode(IS_VALID_SIGNATURE, word(digest), new DynamicBytes(signature));
  }

  /** keccak256(abi.encode(creator, salt)), as the contract computes it. */
  static VaultId vaultId(EvmAddress creator, Bytes32 salt) {
    byte[] padded = new byte[AbiReader.WORD];
    System.arraycopy(
        creator.toArray(), 0, padded, AbiReader.WORD - EvmAddress.LENGTH, EvmAddress.LENGTH);
    return new VaultId(Keccak.hash(padded, salt.toArray()));
  }

  private static byte[] encode(byte[] selector, Type<?>... arguments) {
    byte[] encoded = Hex.parseData("0x" + FunctionEncoder.encodeConstructor(List.of(arguments)));
    byte[] calldata = Arrays.copyOf(selector, selector.length + encoded.length);
    System.arraycopy(encoded, 0, calldata, selector.length, encoded.length);
    return calldata;
  }

  private static Type<?> word(Bytes32 bytes) {
    return new org.web3j.abi.datatypes.generated.Bytes32(bytes.toArray());
  }

  private static Type<?> uint(long value) {
    return new Uint(BigInteger.valueOf(value));
  }

  private static Type<?> words(List<RevocationId> ids) {
    return new DynamicArray<>(
        org.web3j.abi.datatypes.generated.Bytes32.class,
        ids.stream()
            .map(id -> new org.web3j.abi.datatypes.generated.Bytes32(id.bytes().toArray()))
            .toList());
  }

  private static Type<?> addresses(List<EvmAddress> addresses) {
    return new DynamicArray<>(
        Address.class, addresses.stream().map(Abi::address).toList());
  }

  private static Address address(EvmAddress address) {
    return new Address(address.toString());
  }

  private static Type<?> struct(Governance governance) {
    return new DynamicStruct(
        addresses(governance.approvers()),
        uint(governance.threshold()),
        addresses(governance.guardians()),
        uint(governance.unfreezeDelay().toSeconds()));
  }

  private static Type<?> approvals(List<Approval> approvals) {
    return new DynamicArray<>(
        DynamicStruct.class,
        approvals.stream()
            .map(approval -> new DynamicStruct(
                address(approval.signer()), new DynamicBytes(approval.signature())))
            .toList());
  }
}
