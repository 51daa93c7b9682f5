// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Governance, Head, IDVault, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

contract CreateVaultTest is VaultTest {
    bytes32 private constant OTHER = keccak256("other salt");

    function test_createVault_startsAtEpochZero() public view {
        Head memory expected = Head(0, 0, 0, 1, false, 0, 100, 0, 0, 0);
        assertSame(dvault.head(vault), expected);
        assertSame(dvault.governance(vault), present());
    }

    function test_createVault_idIsHashOfCreatorAndSalt() public {
        vm.assertEq(VaultId.unwrap(vault), keccak256(abi.encode(address(this), SALT)));
        vm.prank(stranger);
        VaultId theirs = dvault.createVault(SALT, present());
        vm.assertEq(VaultId.unwrap(theirs), keccak256(abi.encode(stranger, SALT)));
        vm.assertEq(VaultId.unwrap(dvault.vaultId(stranger, SALT)), VaultId.unwrap(theirs));
    }

    function test_createVault_emitsGovernance() public {
        vm.expectEmit(address(dvault));
        emit IDVault.VaultCreated(dvault.vaultId(address(this), OTHER), address(this), present());
        dvault.createVault(OTHER, present());
    }

    function test_createVault_revertsWhenItExists() public {
        expect(abi.encodeWithSelector(IDVault.VaultExists.selector, vault));
        dvault.createVault(SALT, present());
    }

    function test_createVault_acceptsTheLargestGovernance() public {
        Governance memory g = Governance(many(32), 32, many(32), 30 days);
        assertSame(dvault.governance(dvault.createVault(OTHER, g)), g);
    }

    function test_createVault_acceptsNoGuardiansAndNoDelay() public {
        Governance memory g = Governance(many(1), 1, new address[](0), 0);
        assertSame(dvault.governance(dvault.createVault(OTHER, g)), g);
    }

    function test_createVault_revertsWithoutApprovers() public {
        refused(
            Governance(new address[](0), 1, guardians, 0),
            abi.encodeWithSelector(IDVault.ApproversOutOfRange.selector, 32, 0)
        );
    }

    function test_createVault_revertsWithTooManyApprovers() public {
        refused(
            Governance(many(33), 1, guardians, 0), abi.encodeWithSelector(IDVault.ApproversOutOfRange.selector, 32, 33)
        );
    }

    function test_createVault_revertsWithTooManyGuardians() public {
        refused(Governance(many(1), 1, many(33), 0), abi.encodeWithSelector(IDVault.TooManyGuardians.selector, 32, 33));
    }

    function test_createVault_revertsWithThresholdZero() public {
        refused(
            Governance(many(3), 0, guardians, 0), abi.encodeWithSelector(IDVault.ThresholdOutOfRange.selector, 3, 0)
        );
    }

    /// 257 would be 1 in the eight bits that the contract keeps.
    function test_createVault_revertsWithThresholdThatWouldWrap() public {
        refused(
            Governance(many(3), 257, guardians, 0), abi.encodeWithSelector(IDVault.ThresholdOutOfRange.selector, 3, 257)
        );
    }

    function testFuzz_createVault_revertsWithThresholdOverApprovers(uint16 threshold) public {
        vm.assume(threshold > 3);
        refused(
            Governance(many(3), threshold, guardians, 0),
            abi.encodeWithSelector(IDVault.ThresholdOutOfRange.selector, 3, threshold)
        );
    }

    function testFuzz_createVault_revertsWithLongDelay(uint64 delay) public {
        vm.assume(delay > 30 days);
        refused(
            Governance(many(1), 1, guardians, delay),
            abi.encodeWithSelector(IDVault.UnfreezeDelayTooLong.selector, 30 days, delay)
        );
    }

    function test_createVault_revertsWithZeroAddress() public {
        address[] memory list = new address[](2);
        list[1] = stranger;
        bytes memory error = abi.encodeWithSelector(IDVault.NotAscending.selector, address(0), address(0));
        refused(Governance(list, 1, guardians, 0), error);
        refused(Governance(many(1), 1, list, 0), error);
    }

    function testFuzz_createVault_revertsUnlessAscending(uint8 first, uint8 second) public {
        uint256 a = bound(first, 0, 9);
        uint256 b = bound(second, 0, 9);
        vm.assume(a >= b);
        address[] memory list = many(10);
        (list[a], list[b]) = (list[b], list[a]);
        if (a == b) list[a == 9 ? 8 : a + 1] = list[a]; // a duplicate
        expectAny(Governance(list, 1, guardians, 0));
        expectAny(Governance(many(1), 1, list, 0));
    }

    function test_head_isZeroForAnUnknownVault() public view {
        Head memory none;
        assertSame(dvault.head(VaultId.wrap(OTHER)), none);
    }

    function test_governance_revertsForAnUnknownVault() public {
        expect(abi.encodeWithSelector(IDVault.UnknownVault.selector, OTHER));
        dvault.governance(VaultId.wrap(OTHER));
    }

    function refused(Governance memory g, bytes memory error) private {
        expect(error);
        dvault.createVault(OTHER, g);
    }

    function expectAny(Governance memory g) private {
        try dvault.createVault(OTHER, g) {
            vm.assertTrue(false, "accepted a list out of order");
        } catch (bytes memory error) {
            vm.assertEq(bytes32(bytes4(error)), bytes32(IDVault.NotAscending.selector));
        }
    }

    function many(uint256 count) private pure returns (address[] memory) {
        return addresses(ascending(count, 1000));
    }
}
