// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, Commit, Head, IDVault, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

contract CommitTest is VaultTest {
    bytes32 private constant ROOT_TWO = keccak256("root two");

    function test_commit_movesHead() public {
        vm.roll(123);
        commit(ROOT);
        assertSame(dvault.head(vault), Head(1, ROOT, LATER, 1, false, 123, 100, 0, 0, 0));
    }

    function test_commit_emitsEverythingThatWasSigned() public {
        Commit memory first = nextCommit(ROOT);
        Approval[] memory by = approvals(keys, 2, dvault.hashCommit(first));
        vm.expectEmit(address(dvault));
        emit IDVault.Committed(vault, 1, 0, ROOT, SHARDS, LATER, ACTS, 1, by, 0);
        send(first, by);

        vm.roll(200);
        Commit memory second = nextCommit(ROOT_TWO);
        by = approvals(keys, 3, dvault.hashCommit(second));
        vm.expectEmit(address(dvault));
        emit IDVault.Committed(vault, 2, ROOT, ROOT_TWO, SHARDS, LATER, ACTS, 1, by, 100);
        send(second, by);
    }

    function test_commit_anyoneMayRelay() public {
        Commit memory c = nextCommit(ROOT);
        Approval[] memory by = approvals(keys, 2, dvault.hashCommit(c));
        vm.prank(stranger);
        send(c, by);
        vm.assertEq(dvault.head(vault).epoch, 1);
    }

    /// @dev T12: of two commits over the same head one wins; the other changes nothing.
    function test_commit_revertsWhenStale() public {
        Commit memory one = nextCommit(ROOT);
        Commit memory other = nextCommit(ROOT_TWO);
        Approval[] memory byOne = approvals(keys, 2, dvault.hashCommit(one));
        Approval[] memory byOther = approvals(keys, 2, dvault.hashCommit(other));
        send(one, byOne);
        Head memory before = dvault.head(vault);
        expect(abi.encodeWithSelector(IDVault.StaleEpoch.selector, 0, 1));
        send(other, byOther);
        assertSame(dvault.head(vault), before);
    }

    /// @dev T5
    function testFuzz_commit_revertsWhenEpochIsAhead(uint64 expected) public {
        vm.assume(expected != 0);
        expect(abi.encodeWithSelector(IDVault.StaleEpoch.selector, expected, 0));
        dvault.commit(vault, expected, ROOT, SHARDS, LATER, ACTS, new Approval[](2));
    }

    function test_commit_revertsForAnUnknownVault() public {
        VaultId unknown = VaultId.wrap(ROOT);
        expect(abi.encodeWithSelector(IDVault.UnknownVault.selector, unknown));
        dvault.commit(unknown, 0, ROOT, SHARDS, LATER, ACTS, new Approval[](2));
    }

    function test_commit_revertsWithoutRoot() public {
        expect(abi.encodeWithSelector(IDVault.EmptyRoot.selector));
        dvault.commit(vault, 0, 0, SHARDS, LATER, ACTS, new Approval[](2));
    }

    /// So an approval that nobody relayed dies with the head that it was meant for.
    function test_commit_revertsWhenNotAfterHasPassed() public {
        Commit memory c = nextCommit(ROOT);
        Approval[] memory by = approvals(keys, 2, dvault.hashCommit(c));
        vm.warp(LATER);
        expect(abi.encodeWithSelector(IDVault.NotAfterPassed.selector, LATER, LATER));
        send(c, by);
        vm.warp(LATER - 1);
        send(c, by);
    }

    function test_commit_takesActsOf1024BytesAndNoMore() public {
        Commit memory c = nextCommit(ROOT);
        c.acts = new bytes(1025);
        Approval[] memory by = approvals(keys, 2, dvault.hashCommit(c));
        expect(abi.encodeWithSelector(IDVault.ActsTooLong.selector, 1024, 1025));
        send(c, by);
        c.acts = new bytes(1024);
        send(c, approvals(keys, 2, dvault.hashCommit(c)));
    }

    function test_commit_takesNoActs() public {
        Commit memory c = nextCommit(ROOT);
        c.acts = "";
        send(c, approvals(keys, 2, dvault.hashCommit(c)));
        vm.assertEq(dvault.head(vault).epoch, 1);
    }

    function test_commit_revertsWhenFrozen() public {
        freeze();
        Commit memory c = nextCommit(ROOT);
        Approval[] memory by = approvals(keys, 2, dvault.hashCommit(c));
        expect(abi.encodeWithSelector(IDVault.VaultFrozen.selector, NOW + DELAY));
        send(c, by);
        vm.warp(NOW + DELAY); // the end of the delay thaws nothing by itself
        expect(abi.encodeWithSelector(IDVault.VaultFrozen.selector, NOW + DELAY));
        send(c, by);
    }

    /// @dev O10: with a threshold of two, one key commits nothing.
    function test_commit_revertsBelowThreshold() public {
        Commit memory c = nextCommit(ROOT);
        Approval[] memory by = approvals(keys, 1, dvault.hashCommit(c));
        expect(abi.encodeWithSelector(IDVault.TooFewApprovals.selector, 2, 1));
        send(c, by);
        expect(abi.encodeWithSelector(IDVault.TooFewApprovals.selector, 2, 0));
        send(c, new Approval[](0));
    }

    /// @dev O10
    function testFuzz_commit_revertsWhenSignerIsNoApprover(uint256 key) public {
        key = bound(key, 1000, CURVE_ORDER - 1);
        uint256[] memory by = new uint256[](2);
        (by[0], by[1]) = vm.addr(key) < vm.addr(keys[0]) ? (key, keys[0]) : (keys[0], key);
        Commit memory c = nextCommit(ROOT);
        Approval[] memory given = approvals(by, 2, dvault.hashCommit(c));
        expect(abi.encodeWithSelector(IDVault.NotApprover.selector, vm.addr(key)));
        send(c, given);
    }

    function test_commit_revertsWhenGuardianSigns() public {
        uint256[] memory by = ascending(2, 200);
        Commit memory c = nextCommit(ROOT);
        Approval[] memory given = approvals(by, 2, dvault.hashCommit(c));
        expect(abi.encodeWithSelector(IDVault.NotApprover.selector, vm.addr(by[0])));
        send(c, given);
    }

    /// Enough valid approvals do not excuse one that is not: an event lists nothing but what was approved.
    function test_commit_revertsWithOneInvalidAmongEnough() public {
        Commit memory c = nextCommit(ROOT);
        Approval[] memory by = approvals(keys, 3, dvault.hashCommit(c));
        by[2].signature = signature(keys[2], ROOT);
        expect(abi.encodeWithSelector(IDVault.InvalidSignature.selector, by[2].signer));
        send(c, by);
    }

    /// @dev T5
    function testFuzz_commit_addsExactlyOne(uint8 count) public {
        uint256 commits = bound(count, 1, 12);
        for (uint256 i = 1; i <= commits; ++i) {
            commit(keccak256(abi.encode(i)));
            vm.assertEq(dvault.head(vault).epoch, i);
        }
    }
}
