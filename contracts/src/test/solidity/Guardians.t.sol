// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, Head, IDVault, RevocationId, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

contract GuardiansTest is VaultTest {
    VaultId private constant UNKNOWN = VaultId.wrap(bytes32(uint256(1)));

    // ---- revoke

    function test_revoke_marksIdsAndEmits() public {
        RevocationId[] memory gone = ids(3);
        vm.expectEmit(address(dvault));
        emit IDVault.Revoked(vault, guardian, gone, 0);
        revoke(gone);

        bool[] memory answers = dvault.revoked(vault, ids(4));
        vm.assertEq(answers.length, 4);
        vm.assertTrue(answers[0] && answers[1] && answers[2], "revoked");
        vm.assertFalse(answers[3], "not revoked");
    }

    /// Whoever follows the links from the head's last revocation back to 0 has seen all of them.
    function test_revoke_linksToTheOneBefore() public {
        vm.assertEq(dvault.head(vault).revokedAt, 0);
        vm.roll(200);
        revoke(ids(1));
        vm.assertEq(dvault.head(vault).revokedAt, 200);
        vm.roll(300);
        vm.expectEmit(address(dvault));
        emit IDVault.Revoked(vault, guardian, ids(2), 200);
        revoke(ids(2));
        vm.expectEmit(address(dvault)); // a second one in the same block
        emit IDVault.Revoked(vault, guardian, ids(3), 300);
        revoke(ids(3));
        assertSame(dvault.head(vault), Head(0, 0, 0, 1, false, 0, 100, 0, 0, 300));
    }

    function test_revoke_twiceIsTheSame() public {
        revoke(ids(3));
        revoke(ids(2));
        bool[] memory answers = dvault.revoked(vault, ids(3));
        vm.assertTrue(answers[0] && answers[1] && answers[2], "still revoked");
    }

    function test_revoke_worksWhileFrozen() public {
        freeze();
        revoke(ids(1));
        vm.assertTrue(dvault.revoked(vault, ids(1))[0], "revoked");
    }

    function test_revoke_keepsToItsVault() public {
        VaultId other = dvault.createVault(keccak256("other"), present());
        revoke(ids(1));
        vm.assertFalse(dvault.revoked(other, ids(1))[0], "another vault");
        vm.assertEq(dvault.head(other).revokedAt, 0);
    }

    function test_revoke_takes256IdsAndNoMore() public {
        revoke(ids(256));
        expect(abi.encodeWithSelector(IDVault.RevocationsOutOfRange.selector, 256, 257));
        revoke(ids(257));
        expect(abi.encodeWithSelector(IDVault.RevocationsOutOfRange.selector, 256, 0));
        revoke(ids(0));
    }

    function test_revoke_revertsUnlessGuardian() public {
        address approver = vm.addr(keys[0]);
        vm.prank(approver);
        expect(abi.encodeWithSelector(IDVault.NotGuardian.selector, approver));
        dvault.revoke(vault, ids(1));
    }

    function test_revoke_revertsForAnUnknownVault() public {
        vm.prank(guardian);
        expect(abi.encodeWithSelector(IDVault.UnknownVault.selector, UNKNOWN));
        dvault.revoke(UNKNOWN, ids(1));
    }

    function test_revoked_revertsForAnUnknownVault() public {
        expect(abi.encodeWithSelector(IDVault.UnknownVault.selector, UNKNOWN));
        dvault.revoked(UNKNOWN, ids(1));
    }

    // ---- freeze

    function test_freeze_stopsAndEmits() public {
        vm.expectEmit(address(dvault));
        emit IDVault.Frozen(vault, guardian, NOW + DELAY);
        freeze();
        assertSame(dvault.head(vault), Head(0, 0, 0, 1, true, 0, 100, NOW + DELAY, 1, 0));
    }

    function test_freeze_cannotBeProlonged() public {
        freeze();
        vm.warp(NOW + DELAY - 1);
        vm.prank(guardians[1]);
        expect(abi.encodeWithSelector(IDVault.VaultFrozen.selector, NOW + DELAY));
        dvault.freeze(vault);
    }

    function testFuzz_freeze_revertsUnlessGuardian(address caller) public {
        vm.assume(caller != guardians[0] && caller != guardians[1]);
        vm.prank(caller);
        expect(abi.encodeWithSelector(IDVault.NotGuardian.selector, caller));
        dvault.freeze(vault);
    }

    function test_freeze_revertsForAnUnknownVault() public {
        vm.prank(guardian);
        expect(abi.encodeWithSelector(IDVault.UnknownVault.selector, UNKNOWN));
        dvault.freeze(UNKNOWN);
    }

    // ---- unfreeze

    function test_unfreeze_letsCommitsThroughAgain() public {
        freeze();
        vm.warp(NOW + DELAY);
        Approval[] memory by = approvals(keys, 2, unfreezeDigest());
        vm.expectEmit(address(dvault));
        emit IDVault.Unfrozen(vault, by);
        vm.prank(stranger);
        dvault.unfreeze(vault, by);
        vm.assertFalse(dvault.head(vault).frozen, "frozen");
        commit(ROOT);
    }

    function test_unfreeze_revertsBeforeTheDelayIsOver() public {
        freeze();
        vm.warp(NOW + DELAY - 1);
        Approval[] memory by = approvals(keys, 3, unfreezeDigest());
        expect(abi.encodeWithSelector(IDVault.UnfreezeTooEarly.selector, NOW + DELAY, NOW + DELAY - 1));
        dvault.unfreeze(vault, by);
    }

    function test_unfreeze_revertsWhenNotFrozen() public {
        Approval[] memory by = approvals(keys, 2, unfreezeDigest());
        expect(abi.encodeWithSelector(IDVault.VaultNotFrozen.selector));
        dvault.unfreeze(vault, by);
    }

    function test_unfreeze_revertsBelowThreshold() public {
        freeze();
        vm.warp(NOW + DELAY);
        Approval[] memory by = approvals(keys, 1, unfreezeDigest());
        expect(abi.encodeWithSelector(IDVault.TooFewApprovals.selector, 2, 1));
        dvault.unfreeze(vault, by);
    }

    function test_unfreeze_revertsForAnUnknownVault() public {
        expect(abi.encodeWithSelector(IDVault.UnknownVault.selector, UNKNOWN));
        dvault.unfreeze(UNKNOWN, new Approval[](2));
    }

    /// @dev T8: approvals of one freeze's end do not end the next one.
    function test_unfreeze_revertsWhenReplayed() public {
        freeze();
        vm.warp(NOW + DELAY);
        Approval[] memory by = approvals(keys, 2, unfreezeDigest());
        dvault.unfreeze(vault, by);
        freeze();
        vm.warp(NOW + 2 * DELAY);
        expect(abi.encodeWithSelector(IDVault.InvalidSignature.selector, by[0].signer));
        dvault.unfreeze(vault, by);
    }

    // ---- words

    function revoke(RevocationId[] memory gone) private {
        vm.prank(guardian);
        dvault.revoke(vault, gone);
    }

    function ids(uint256 count) private pure returns (RevocationId[] memory made) {
        made = new RevocationId[](count);
        for (uint256 i = 0; i < count; ++i) {
            made[i] = RevocationId.wrap(keccak256(abi.encode("id", i)));
        }
    }
}
