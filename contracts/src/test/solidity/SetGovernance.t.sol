// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, Commit, Governance, Head, IDVault, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

contract SetGovernanceTest is VaultTest {
    function test_setGovernance_putsNextInForce() public {
        commit(ROOT);
        vm.roll(150);
        setGovernance(nextGovernance());
        assertSame(dvault.governance(vault), nextGovernance());
        assertSame(dvault.head(vault), Head(1, ROOT, LATER, 2, false, 100, 150, 0, 0, 0));
    }

    function test_setGovernance_emitsBothThresholds() public {
        vm.roll(150);
        Governance memory next = nextGovernance();
        bytes32 digest = governanceDigest(next);
        Approval[] memory old = approvals(keys, 2, digest);
        Approval[] memory fresh = approvals(nextKeys, 2, digest);
        vm.expectEmit(address(dvault));
        emit IDVault.GovernanceChanged(vault, 2, next, old, fresh, 100);
        vm.prank(stranger);
        dvault.setGovernance(vault, next, old, fresh);

        vm.roll(160);
        digest = governanceDigest(present());
        old = approvals(nextKeys, 2, digest);
        fresh = approvals(keys, 2, digest);
        vm.expectEmit(address(dvault));
        emit IDVault.GovernanceChanged(vault, 3, present(), old, fresh, 150);
        dvault.setGovernance(vault, present(), old, fresh);
    }

    function test_setGovernance_endsThePowerOfFormerApproversAndGuardians() public {
        setGovernance(nextGovernance());
        Commit memory c = nextCommit(ROOT);
        Approval[] memory former = approvals(keys, 2, dvault.hashCommit(c));
        expect(abi.encodeWithSelector(IDVault.NotApprover.selector, former[0].signer));
        send(c, former);
        send(c, approvals(nextKeys, 2, dvault.hashCommit(c)));

        vm.prank(guardian);
        expect(abi.encodeWithSelector(IDVault.NotGuardian.selector, guardian));
        dvault.freeze(vault);
        vm.prank(stranger); // a guardian of the next governance
        dvault.freeze(vault);
        vm.assertEq(dvault.head(vault).earliestUnfreeze, NOW + DELAY / 2);
    }

    /// @dev T13
    function test_setGovernance_revertsWithoutTheOldThreshold() public {
        Governance memory next = nextGovernance();
        bytes32 digest = governanceDigest(next);
        Approval[] memory one = approvals(keys, 1, digest);
        Approval[] memory fresh = approvals(nextKeys, 2, digest);
        expect(abi.encodeWithSelector(IDVault.TooFewApprovals.selector, 2, 1));
        dvault.setGovernance(vault, next, one, fresh);
        expect(abi.encodeWithSelector(IDVault.NotApprover.selector, fresh[0].signer));
        dvault.setGovernance(vault, next, fresh, fresh);
    }

    /// @dev T13
    function test_setGovernance_revertsWithoutTheNewThreshold() public {
        Governance memory next = nextGovernance();
        bytes32 digest = governanceDigest(next);
        Approval[] memory old = approvals(keys, 2, digest);
        Approval[] memory one = approvals(nextKeys, 1, digest);
        expect(abi.encodeWithSelector(IDVault.TooFewApprovals.selector, 2, 1));
        dvault.setGovernance(vault, next, old, one);
        expect(abi.encodeWithSelector(IDVault.NotApprover.selector, old[0].signer));
        dvault.setGovernance(vault, next, old, old);
        assertSame(dvault.governance(vault), present());
    }

    function test_setGovernance_revertsWhenInvalid() public {
        Governance memory next = nextGovernance();
        next.threshold = 3;
        bytes32 digest = governanceDigest(next);
        Approval[] memory old = approvals(keys, 2, digest);
        Approval[] memory fresh = approvals(nextKeys, 2, digest);
        expect(abi.encodeWithSelector(IDVault.ThresholdOutOfRange.selector, 2, 3));
        dvault.setGovernance(vault, next, old, fresh);
    }

    function test_setGovernance_revertsForAnUnknownVault() public {
        expect(abi.encodeWithSelector(IDVault.UnknownVault.selector, ROOT));
        dvault.setGovernance(VaultId.wrap(ROOT), present(), new Approval[](2), new Approval[](2));
    }

    /// @dev T13: whoever stole the approvers' keys does not shake off the guardian who stopped them at once …
    function test_setGovernance_revertsWhileFreshlyFrozen() public {
        freeze();
        vm.warp(NOW + DELAY - 1);
        Governance memory next = nextGovernance();
        bytes32 digest = governanceDigest(next);
        Approval[] memory old = approvals(keys, 2, digest);
        Approval[] memory fresh = approvals(nextKeys, 2, digest);
        expect(abi.encodeWithSelector(IDVault.VaultFrozen.selector, NOW + DELAY));
        dvault.setGovernance(vault, next, old, fresh);
    }

    /// @dev T13: … and whoever stole a guardian's key does not stop the vault for ever: it is replaced while frozen.
    function test_setGovernance_replacesAGuardianWhileFrozen() public {
        freeze();
        vm.warp(NOW + DELAY);
        setGovernance(nextGovernance());
        vm.assertTrue(dvault.head(vault).frozen, "still frozen");
        vm.prank(guardian);
        expect(abi.encodeWithSelector(IDVault.NotGuardian.selector, guardian));
        dvault.freeze(vault);
        dvault.unfreeze(vault, approvals(nextKeys, 2, unfreezeDigest()));
        vm.assertFalse(dvault.head(vault).frozen, "thawed");
    }

    /// @dev T8: any other vault, version or field than the signed one is refused.
    function testFuzz_setGovernance_bindsEveryField(uint8 field) public {
        uint256 which = bound(field, 0, 7);
        Governance memory signed = nextGovernance();
        VaultId signedVault = vault;
        uint64 version = 2;
        if (which == 0) signedVault = dvault.createVault(ROOT, present());
        if (which == 1) version = 3;
        if (which == 2) signed.threshold = 1;
        if (which == 3) signed.unfreezeDelay += 1;
        if (which == 4) signed.guardians = new address[](0);
        if (which == 5) signed.guardians[0] = guardian;
        if (which == 6) signed.approvers = addresses(ascending(3, 100));
        if (which == 7) vm.chainId(7);
        bytes32 digest = dvault.hashGovernance(signedVault, version, signed);
        if (which == 7) vm.chainId(31337);
        Approval[] memory old = approvals(keys, 2, digest);
        Approval[] memory fresh = approvals(nextKeys, 2, digest);
        Governance memory next = nextGovernance();
        expect(abi.encodeWithSelector(IDVault.InvalidSignature.selector, old[0].signer));
        dvault.setGovernance(vault, next, old, fresh);
    }
}
