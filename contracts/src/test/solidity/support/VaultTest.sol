// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DVault} from "../../../main/solidity/DVault.sol";
import {Approval, Commit, Governance, Head, IDVault, RevocationId, VaultId} from "../../../main/solidity/IDVault.sol";
import {Vm} from "./Vm.sol";

/// A contract with one vault of three approvers (two must agree) and two guardians, and short words to act on it.
abstract contract VaultTest {
    Vm internal constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
    uint64 internal constant NOW = 1_795_000_000;
    uint64 internal constant LATER = NOW + 1 days;
    uint64 internal constant DELAY = 1 hours;
    uint256 internal constant CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
    bytes32 internal constant ROOT = keccak256("root one");
    bytes32 internal constant SALT = keccak256("salt");
    uint256 internal constant SHARDS = 1 << 255 | 1;
    bytes internal constant ACTS = hex"a1617601";

    DVault internal dvault;
    VaultId internal vault;
    uint256[] internal keys;
    uint256[] internal nextKeys;
    address[] internal guardians;
    address internal guardian;
    address internal stranger;

    function setUp() public virtual {
        vm.warp(NOW);
        vm.roll(100);
        dvault = new DVault();
        keys = ascending(3, 1);
        nextKeys = ascending(2, 100);
        guardians = addresses(ascending(2, 200));
        guardian = guardians[0];
        stranger = vm.addr(999);
        vault = dvault.createVault(SALT, Governance(addresses(keys), 2, guardians, DELAY));
    }

    // ---- governance

    /// `count` keys from `first` on, in the order of their addresses.
    function ascending(uint256 count, uint256 first) internal pure returns (uint256[] memory found) {
        found = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 at = i;
            for (; at > 0 && vm.addr(found[at - 1]) > vm.addr(first + i); --at) {
                found[at] = found[at - 1];
            }
            found[at] = first + i;
        }
    }

    function addresses(uint256[] memory from) internal pure returns (address[] memory found) {
        found = new address[](from.length);
        for (uint256 i = 0; i < from.length; ++i) {
            found[i] = vm.addr(from[i]);
        }
    }

    function present() internal view returns (Governance memory) {
        return Governance(addresses(keys), 2, guardians, DELAY);
    }

    function nextGovernance() internal view returns (Governance memory g) {
        g = Governance(addresses(nextKeys), 2, new address[](1), DELAY / 2);
        g.guardians[0] = stranger;
    }

    // ---- approvals

    function signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// Approvals by the first `count` of `by`.
    function approvals(uint256[] memory by, uint256 count, bytes32 digest)
        internal
        pure
        returns (Approval[] memory found)
    {
        found = new Approval[](count);
        for (uint256 i = 0; i < count; ++i) {
            found[i] = Approval(vm.addr(by[i]), signature(by[i], digest));
        }
    }

    /// What a commit on top of the present head must sign.
    function nextCommit(bytes32 root) internal view returns (Commit memory) {
        Head memory h = dvault.head(vault);
        return Commit(vault, h.epoch + 1, h.root, root, SHARDS, LATER, ACTS, h.governanceVersion);
    }

    // ---- acts

    function send(Commit memory c, Approval[] memory by) internal {
        dvault.commit(c.vault, c.epoch - 1, c.root, c.shards, c.notAfter, c.acts, by);
    }

    function commit(bytes32 root) internal {
        Commit memory c = nextCommit(root);
        send(c, approvals(keys, 2, dvault.hashCommit(c)));
    }

    function freeze() internal {
        vm.prank(guardian);
        dvault.freeze(vault);
    }

    function unfreezeDigest() internal view returns (bytes32) {
        Head memory h = dvault.head(vault);
        return dvault.hashUnfreeze(vault, h.freezes, h.governanceVersion);
    }

    function unfreeze() internal {
        dvault.unfreeze(vault, approvals(keys, 2, unfreezeDigest()));
    }

    function governanceDigest(Governance memory next) internal view returns (bytes32) {
        return dvault.hashGovernance(vault, dvault.head(vault).governanceVersion + 1, next);
    }

    function setGovernance(Governance memory next) internal {
        bytes32 digest = governanceDigest(next);
        dvault.setGovernance(vault, next, approvals(keys, 2, digest), approvals(nextKeys, 2, digest));
    }

    // ---- comparisons

    function assertSame(Governance memory actual, Governance memory expected) internal pure {
        vm.assertEq(keccak256(abi.encode(actual)), keccak256(abi.encode(expected)), "governance");
    }

    function assertSame(Head memory actual, Head memory expected) internal pure {
        vm.assertEq(keccak256(abi.encode(actual)), keccak256(abi.encode(expected)), "head");
    }

    function expect(bytes memory error) internal {
        vm.expectRevert(error);
    }

    function bound(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + value % (most - least + 1);
    }
}
