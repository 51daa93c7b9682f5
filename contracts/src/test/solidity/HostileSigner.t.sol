// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, Commit, Governance, Head, IDVault, RevocationId, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";
import {
    AnsweringWallet,
    GasEaterWallet,
    HonestWallet,
    MAGIC,
    ReenteringWallet,
    ReturnBombWallet,
    RevertBombWallet,
    RevertingWallet
} from "./support/Wallets.sol";

/// @dev T10: an approver may be a contract, and a contract may do anything. What it does ends as a yes or a no.
contract HostileSignerTest is VaultTest {
    VaultId private mixed;

    /// @dev T10, O17: a wallet contract (Safe) approves like a key does.
    function test_wallet_approvesWhatItAgreedTo() public {
        HonestWallet wallet = new HonestWallet();
        govern(address(wallet));
        Commit memory c = mixedCommit();
        Approval[] memory by = with(address(wallet), c);
        refused(c, by, address(wallet));
        wallet.agree(dvault.hashCommit(c));
        send(c, by);
        vm.assertEq(dvault.head(mixed).epoch, 1);
    }

    /// @dev T10
    function test_wallet_revertIsNo() public {
        isNo(address(new RevertingWallet()));
    }

    /// @dev T10
    function test_wallet_revertBombIsNo() public {
        isNo(address(new RevertBombWallet()));
    }

    /// @dev T10: only the magic value, alone in a word of 32 bytes, is a yes.
    function test_wallet_wrongAnswersAreNo() public {
        bytes[7] memory answers = [
            bytes(""),
            abi.encodePacked(MAGIC), // four bytes
            abi.encodePacked(MAGIC, bytes27(0)), // one byte short
            abi.encode(uint256(uint32(MAGIC))), // at the wrong end
            abi.encode(true),
            abi.encodePacked(MAGIC, bytes28(uint224(1))), // dirty low bytes
            abi.encode(bytes4(0xffffffff))
        ];
        for (uint256 i = 0; i < answers.length; ++i) {
            isNo(address(new AnsweringWallet(answers[i])));
        }
        HonestWallet other = new HonestWallet();
        isNo(address(other));
    }

    /// @dev T10
    function testFuzz_wallet_anyOtherAnswerIsNo(bytes32 answer) public {
        vm.assume(answer != bytes32(MAGIC));
        isNo(address(new AnsweringWallet(abi.encode(answer))));
    }

    /// @dev T10: a contract without the function, and one without any code that answers.
    function test_wallet_contractWithoutTheFunctionIsNo() public {
        isNo(address(dvault));
    }

    /// @dev T10: the identity precompile echoes the call, which starts with the magic value.
    function test_wallet_precompileIsNo() public {
        isNo(address(4));
    }

    /// @dev T10: 256 KiB of answer cost who made them; the vault copies 32 bytes and pays for no more.
    function test_wallet_returnBombCostsTheVaultNothing() public {
        ReturnBombWallet wallet = new ReturnBombWallet();
        govern(address(wallet));
        Commit memory c = mixedCommit();
        Approval[] memory by = with(address(wallet), c);
        bytes32 digest = dvault.hashCommit(c);
        uint256 before = gasleft();
        wallet.isValidSignature(digest, "");
        uint256 alone = before - gasleft(); // this test copies one word too: it knows the type of the answer
        send(c, by);
        uint256 used = vm.snapshotGasLastCall("hostile", "commit, an approver answers 256 KiB");
        vm.assertGe(alone, 150_000, "the bomb is one");
        vm.assertLe(used, alone + 80_000, "the vault pays for the answer");
        vm.assertEq(dvault.head(mixed).epoch, 1);
    }

    /// @dev T10: it burns the gas of who relays its approval, and cannot stop the others.
    function test_wallet_gasEaterIsNoAndStopsNobody() public {
        GasEaterWallet wallet = new GasEaterWallet();
        govern(address(wallet));
        Commit memory c = mixedCommit();
        Approval[] memory by = with(address(wallet), c);
        (bool done,) = address(dvault).call{gas: 3_000_000}(
            abi.encodeCall(IDVault.commit, (mixed, 0, c.root, c.shards, c.notAfter, c.acts, by))
        );
        vm.assertFalse(done, "a commit with the gas eater");
        vm.assertEq(dvault.head(mixed).epoch, 0);
        send(c, approvals(keys, 2, dvault.hashCommit(c)));
        vm.assertEq(dvault.head(mixed).epoch, 1);
    }

    /// @dev T10: whatever a signer calls while it is asked, it changes nothing.
    function test_wallet_cannotReenter() public {
        ReenteringWallet wallet = new ReenteringWallet(dvault, vault);
        govern(address(wallet));
        RevocationId[] memory ids = new RevocationId[](1);
        bytes[3] memory acts = [
            abi.encodeCall(IDVault.freeze, (mixed)),
            abi.encodeCall(IDVault.revoke, (mixed, ids)),
            abi.encodeCall(IDVault.createVault, (ROOT, present()))
        ];
        for (uint256 i = 0; i < acts.length; ++i) {
            wallet.use(acts[i]);
            Commit memory c = mixedCommit();
            refused(c, with(address(wallet), c), address(wallet));
        }
        for (uint256 i = 0; i < acts.length; ++i) {
            wallet.use(acts[i]);
            vm.assertTrue(wallet.act(), "the same act on its own");
        }
    }

    /// @dev T10: nor can it carry a second commit inside the first.
    function test_wallet_cannotCommitWhileAsked() public {
        ReenteringWallet wallet = new ReenteringWallet(dvault, vault);
        govern(address(wallet));
        Commit memory inner = mixedCommit();
        Approval[] memory innerBy = approvals(keys, 2, dvault.hashCommit(inner));
        Commit memory outer = mixedCommit();
        outer.root = keccak256("outer");
        wallet.use(
            abi.encodeCall(
                IDVault.commit, (mixed, 0, inner.root, inner.shards, inner.notAfter, inner.acts, innerBy)
            )
        );
        refused(outer, with(address(wallet), outer), address(wallet));
        vm.assertTrue(wallet.act(), "the inner commit on its own");
    }

    /// A key whose account has been given code (EIP-7702) still approves, whatever that code says.
    function test_wallet_keyCountsWhereItsAccountHasCode() public {
        Commit memory c = nextCommit(ROOT);
        vm.etch(vm.addr(keys[0]), address(new RevertingWallet()).code);
        send(c, approvals(keys, 2, dvault.hashCommit(c)));
        vm.assertEq(dvault.head(vault).epoch, 1);
    }

    // ---- words

    /// A vault whose approvers are two keys and `wallet`, which is a guardian too; two must agree.
    function govern(address wallet) private {
        address[] memory one = new address[](1);
        one[0] = wallet;
        mixed = dvault.createVault(
            keccak256(abi.encode(wallet)), Governance(inserted(addresses(keys), wallet), 2, one, DELAY)
        );
    }

    function mixedCommit() private view returns (Commit memory) {
        return Commit(mixed, 1, 0, ROOT, SHARDS, LATER, ACTS, 1);
    }

    /// Approvals by one key and by `wallet`.
    function with(address wallet, Commit memory c) private view returns (Approval[] memory by) {
        Approval memory ours = Approval(vm.addr(keys[0]), signature(keys[0], dvault.hashCommit(c)));
        Approval memory theirs = Approval(wallet, hex"c0ffee");
        by = new Approval[](2);
        (by[0], by[1]) = wallet < ours.signer ? (theirs, ours) : (ours, theirs);
    }

    function isNo(address wallet) private {
        govern(wallet);
        Commit memory c = mixedCommit();
        refused(c, with(wallet, c), wallet);
        send(c, approvals(keys, 2, dvault.hashCommit(c))); // and the others go on without it
        vm.assertEq(dvault.head(mixed).epoch, 1);
    }

    function refused(Commit memory c, Approval[] memory by, address wallet) private {
        expect(abi.encodeWithSelector(IDVault.InvalidSignature.selector, wallet));
        send(c, by);
    }

    function inserted(address[] memory list, address member) private pure returns (address[] memory longer) {
        longer = new address[](list.length + 1);
        uint256 at = 0;
        for (; at < list.length && list[at] < member; ++at) {
            longer[at] = list[at];
        }
        longer[at] = member;
        for (; at < list.length; ++at) {
            longer[at + 1] = list[at];
        }
    }
}
