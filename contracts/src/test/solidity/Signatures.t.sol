// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, Commit, IDVault} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

/// @dev T9: one signer counts once, and one signature has one form.
contract SignaturesTest is VaultTest {
    Commit private next;
    Approval[] private good;
    bytes32 private digest;

    function setUp() public override {
        super.setUp();
        next = nextCommit(ROOT);
        digest = dvault.hashCommit(next);
        Approval[] memory by = approvals(keys, 3, digest);
        for (uint256 i = 0; i < by.length; ++i) {
            good.push(by[i]);
        }
    }

    /// @dev T9
    function testFuzz_signatures_highSIsRefused(bytes32 root) public {
        vm.assume(root != 0);
        Commit memory c = nextCommit(root);
        Approval[] memory by = approvals(keys, 2, dvault.hashCommit(c));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], dvault.hashCommit(c));
        by[0].signature = abi.encodePacked(r, CURVE_ORDER - uint256(s), v == 27 ? uint8(28) : uint8(27));
        invalid(c, by, 0);
    }

    /// @dev T9: the curve's other recovery is the same address, so it was the height of s that was refused.
    function test_signatures_highSWouldRecover() public view {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], digest);
        bytes32 high = bytes32(CURVE_ORDER - uint256(s));
        vm.assertEq(ecrecover(digest, v == 27 ? 28 : 27, r, high), vm.addr(keys[0]));
    }

    /// @dev T9
    function testFuzz_signatures_otherRecoveryIdIsRefused(uint8 v) public {
        (uint8 right, bytes32 r, bytes32 s) = vm.sign(keys[0], digest);
        vm.assume(v != right);
        Approval[] memory by = first(2);
        by[0].signature = abi.encodePacked(r, s, v);
        invalid(next, by, 0);
    }

    /// @dev T9: 64 bytes (ERC-2098) are another form of the same signature.
    function test_signatures_compactFormIsRefused() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keys[0], digest);
        Approval[] memory by = first(2);
        by[0].signature = abi.encodePacked(r, uint256(s) | (uint256(v - 27) << 255));
        invalid(next, by, 0);
    }

    /// @dev T9
    function testFuzz_signatures_garbageIsRefused(bytes calldata garbage) public {
        Approval[] memory by = first(2);
        vm.assume(keccak256(garbage) != keccak256(by[1].signature));
        by[1].signature = garbage;
        invalid(next, by, 1);
    }

    /// @dev T9: a trailing byte is not ignored.
    function testFuzz_signatures_trailingBytesAreRefused(bytes calldata tail) public {
        vm.assume(tail.length > 0);
        Approval[] memory by = first(2);
        by[1].signature = bytes.concat(by[1].signature, tail);
        invalid(next, by, 1);
    }

    /// @dev T9: ecrecover answers zero to what it cannot read; zero is nobody's address.
    function test_signatures_zeroSignerIsRefused() public {
        Approval[] memory by = first(2);
        by[0] = Approval(address(0), new bytes(65));
        expect(abi.encodeWithSelector(IDVault.NotAscending.selector, address(0), address(0)));
        send(next, by);
    }

    /// @dev T9
    function testFuzz_signatures_duplicatesAreRefused(uint8 which) public {
        uint256 i = bound(which, 0, 2);
        Approval[] memory by = new Approval[](2);
        by[0] = good[i];
        by[1] = good[i];
        expect(abi.encodeWithSelector(IDVault.NotAscending.selector, by[0].signer, by[0].signer));
        send(next, by);
    }

    /// @dev T9
    function testFuzz_signatures_unsortedAreRefused(uint8 one, uint8 other) public {
        uint256 a = bound(one, 0, 2);
        uint256 b = bound(other, 0, 2);
        vm.assume(a < b);
        Approval[] memory by = first(3);
        (by[a], by[b]) = (by[b], by[a]);
        try dvault.commit(next.vault, 0, next.root, next.shards, next.notAfter, next.acts, by) {
            vm.assertTrue(false, "accepted unsorted approvals");
        } catch (bytes memory error) {
            vm.assertEq(bytes32(bytes4(error)), bytes32(IDVault.NotAscending.selector));
        }
    }

    /// @dev T9: one approver's signature under the name of another.
    function test_signatures_countForTheirSignerOnly() public {
        Approval[] memory by = first(2);
        by[1].signature = by[0].signature;
        invalid(next, by, 1);
    }

    /// @dev T9
    function test_signatures_anyTwoOfThreeAreEnough() public {
        Approval[] memory by = first(2);
        by[1] = good[2];
        send(next, by);
        vm.assertEq(dvault.head(vault).epoch, 1);
    }

    function first(uint256 count) private view returns (Approval[] memory by) {
        by = new Approval[](count);
        for (uint256 i = 0; i < count; ++i) {
            by[i] = good[i];
        }
    }

    function invalid(Commit memory c, Approval[] memory by, uint256 which) private {
        expect(abi.encodeWithSelector(IDVault.InvalidSignature.selector, by[which].signer));
        send(c, by);
    }
}
