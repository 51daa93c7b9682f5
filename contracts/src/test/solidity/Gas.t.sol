// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, Commit, Governance, RevocationId, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

/// What a sender pays, base cost and calldata included; forge compares every figure with snapshots/gas.json, and fails
/// where one differs. After a deliberate change: npm run gas.
contract GasTest is VaultTest {
    /// schemas/spec/contract.md, "Gas": one commit costs the same for one device or a million.
    uint256 private constant MOST = 60_000;

    uint256[] private ten;
    VaultId private single;
    VaultId private ofTen;

    function setUp() public override {
        super.setUp();
        ten = ascending(10, 500);
        single = dvault.createVault("single", Governance(addresses(ascending(1, 1)), 1, guardians, DELAY));
        ofTen = dvault.createVault("ten", Governance(addresses(ten), 5, guardians, DELAY));
    }

    /// The first commit costs what every commit costs. Acts are real ones in size: a git commit, a reason, some counts.
    function test_gas_commitWithOneApproval() public {
        uint256 first = commitOf(single, 1, ascending(1, 1), 1, 256, type(uint256).max, "commit 1, 256 bytes of acts");
        uint256 second = commitOf(single, 2, ascending(1, 1), 1, 256, type(uint256).max, "commit 2, 256 bytes of acts");
        vm.assertLe(first, MOST, "first commit");
        vm.assertLe(second, MOST, "second commit");
    }

    /// What a commit holds of its devices is one root and one map of 256 bits: bits for a million are all ones.
    function test_gas_isTheSameForAnyNumberOfDevices() public {
        uint256 few = commitOf(single, 1, ascending(1, 1), 1, 128, 1, "commit 1, one shard");
        uint256 all = commitOf(single, 2, ascending(1, 1), 1, 128, type(uint256).max, "commit 2, every shard");
        vm.assertLe(few, MOST, "one shard");
        vm.assertLe(all, few + 32 * 16, "every shard: the price of 32 bytes that are not zero, and no more");
    }

    function test_gas_commitWithoutActs() public {
        commitOf(single, 1, ascending(1, 1), 1, 0, 1, "commit, no acts");
    }

    /// 24 gas a byte: 16 for calldata, 8 for the log.
    function test_gas_commitWithTheLongestActs() public {
        commitOf(single, 1, ascending(1, 1), 1, 1024, type(uint256).max, "commit, 1024 bytes of acts");
    }

    function test_gas_commitWithManyApprovals() public {
        commitOf(vault, 1, keys, 2, 256, type(uint256).max, "commit, 2 approvals");
        commitOf(ofTen, 1, ten, 5, 256, type(uint256).max, "commit, 5 approvals");
        commitOf(ofTen, 2, ten, 10, 256, type(uint256).max, "commit, 10 approvals");
    }

    function test_gas_governance() public {
        dvault.createVault("new", present());
        vm.snapshotGasLastCall("gas", "createVault, 3 approvers and 2 guardians");
        setGovernance(nextGovernance());
        vm.snapshotGasLastCall("gas", "setGovernance, 3 approvers to 2");
    }

    function test_gas_guardians() public {
        RevocationId[] memory ids = new RevocationId[](1);
        vm.prank(guardian);
        dvault.revoke(vault, ids);
        vm.snapshotGasLastCall("gas", "revoke, 1 entry");
        ids = new RevocationId[](10);
        for (uint256 i = 0; i < ids.length; ++i) {
            ids[i] = RevocationId.wrap(keccak256(abi.encode(i)));
        }
        vm.prank(guardian);
        dvault.revoke(vault, ids);
        vm.snapshotGasLastCall("gas", "revoke, 10 entries");
        freeze();
        vm.snapshotGasLastCall("gas", "freeze");
        vm.warp(NOW + DELAY);
        unfreeze();
        vm.snapshotGasLastCall("gas", "unfreeze, 2 approvals");
    }

    function commitOf(
        VaultId target,
        uint64 epoch,
        uint256[] memory by,
        uint256 count,
        uint256 actsLength,
        uint256 shards,
        string memory name
    ) private returns (uint256) {
        bytes memory acts = new bytes(actsLength);
        for (uint256 i = 0; i < actsLength; ++i) {
            acts[i] = 0xa5; // zeros would be cheaper than any real acts
        }
        Commit memory c = Commit(
            target, epoch, dvault.head(target).root, keccak256(abi.encode(epoch)), shards, LATER, acts, 1
        );
        send(c, approvals(by, count, dvault.hashCommit(c)));
        return vm.snapshotGasLastCall("gas", name);
    }
}
