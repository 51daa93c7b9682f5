// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DVault} from "../../main/solidity/DVault.sol";
import {Approval, Commit, IDVault, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

/// @dev T8: an approval is good for one commit of one vault in one contract on one chain, and for nothing else. Each
/// test signs something that differs in one field from what is sent; all else is valid.
contract BindingTest is VaultTest {
    function setUp() public override {
        super.setUp();
        commit(ROOT);
    }

    /// @dev T8: the test of the tests: with nothing changed it is accepted.
    function test_binding_acceptsWhatWasSigned() public {
        Commit memory c = nextCommit(keccak256("two"));
        send(c, approvals(keys, 2, dvault.hashCommit(c)));
        vm.assertEq(dvault.head(vault).epoch, 2);
    }

    /// @dev T8, T36: each field of a commit in turn is another one than what was signed.
    function testFuzz_binding_field(Commit calldata other) public {
        Commit memory c = signed();
        for (uint256 field = 0; field < 7; field++) {
            Commit memory changed = signed();
            if (field == 0) changed.epoch = other.epoch;
            if (field == 1) changed.prevRoot = other.prevRoot;
            if (field == 2) changed.root = other.root;
            if (field == 3) changed.shards = other.shards;
            if (field == 4) changed.notAfter = other.notAfter;
            if (field == 5) changed.acts = other.acts;
            if (field == 6) changed.governanceVersion = other.governanceVersion;
            // By the fields themselves: a digest that left one out would be the same.
            vm.assume(keccak256(abi.encode(changed)) != keccak256(abi.encode(c)));
            refusedAs(changed);
        }
    }

    /// @dev T8: the same approvers govern another vault.
    function testFuzz_binding_vault(bytes32 salt) public {
        vm.assume(salt != SALT);
        Commit memory c = signed();
        c.vault = dvault.createVault(salt, present());
        refusedAs(c);
    }

    /// @dev T8
    function testFuzz_binding_chain(uint64 id) public {
        Commit memory c = signed();
        uint256 here = block.chainid;
        vm.assume(id != here && id != 0);
        vm.chainId(id);
        bytes32 elsewhere = dvault.hashCommit(c);
        vm.chainId(here);
        refused(c, elsewhere);
    }

    /// @dev T8: after a fork of the chain, what was signed before it is good on the side that kept the id only.
    function testFuzz_binding_fork(uint64 id) public {
        vm.assume(id != block.chainid && id != 0);
        Commit memory c = signed();
        bytes32 digest = dvault.hashCommit(c);
        vm.chainId(id);
        refused(c, digest);
    }

    /// @dev T8: an identical contract with an identical vault.
    function test_binding_contract() public {
        Commit memory c = signed();
        refused(c, new DVault().hashCommit(c));
    }

    /// @dev T8: signed twice is no use: the epoch has moved on, and so has the root.
    function test_binding_isUsedUp() public {
        Commit memory c = signed();
        Approval[] memory by = approvals(keys, 2, dvault.hashCommit(c));
        send(c, by);
        expect(abi.encodeWithSelector(IDVault.StaleEpoch.selector, 1, 2));
        send(c, by);
        expect(abi.encodeWithSelector(IDVault.InvalidSignature.selector, by[0].signer));
        dvault.commit(vault, 2, c.root, c.shards, c.notAfter, c.acts, by);
    }

    /// @dev T8: approvals of another kind of act are no approvals of a commit.
    function test_binding_type() public {
        refused(signed(), governanceDigest(nextGovernance()));
        refused(signed(), unfreezeDigest());
    }

    /// @dev T8: a change of governance voids what was signed under the one before, by the same keys too.
    function test_binding_governanceChange() public {
        Commit memory c = signed();
        bytes32 digest = dvault.hashCommit(c);
        bytes32 same = governanceDigest(present());
        dvault.setGovernance(vault, present(), approvals(keys, 2, same), approvals(keys, 2, same));
        refused(c, digest);
    }

    function signed() private view returns (Commit memory) {
        return nextCommit(keccak256("two"));
    }

    /// Sends what {signed} says with approvals over `other`.
    function refusedAs(Commit memory other) private {
        refused(signed(), dvault.hashCommit(other));
    }

    function refused(Commit memory c, bytes32 digest) private {
        Approval[] memory by = approvals(keys, 2, digest);
        expect(abi.encodeWithSelector(IDVault.InvalidSignature.selector, by[0].signer));
        send(c, by);
    }
}
