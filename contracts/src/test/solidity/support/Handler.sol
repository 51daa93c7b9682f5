// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DVault} from "../../../main/solidity/DVault.sol";
import {Approval, Commit, Governance, Head, IDVault, RevocationId, VaultId} from "../../../main/solidity/IDVault.sol";
import {VaultTest} from "./VaultTest.sol";

/// What owners, thieves and strangers do to one vault, in any order. It keeps its own account of what must be so, and
/// every act checks at once that it did no more than it may. `seed` chooses among the vault's possible governances.
contract Handler is VaultTest {
    uint64 public commits;
    bytes32 public root;
    uint64 public version = 1;
    bool public frozen;
    uint64 public freezes;
    uint64 public earliest;
    uint256 public refusals;

    /// Keys, threshold and guardians in force; their first keys count up, so that each change changes everyone.
    uint256[] private approverKeys;
    uint256[] private guardianKeys;
    uint256 private generation;
    uint64 private time = NOW;
    mapping(RevocationId id => bool) private isRevoked;
    RevocationId[] private revokedIds;

    constructor() {
        setUp();
        approverKeys = keys;
        guardianKeys = ascending(2, 200);
    }

    // ---- as it should be

    function commitByThreshold(bytes32 next, uint8 extra, address relayer) external at {
        if (next == 0) return;
        Commit memory c = proposal(next);
        Approval[] memory by = approvals(approverKeys, 2 + extra % 2, dvault.hashCommit(c));
        vm.prank(relayer);
        try dvault.commit(vault, commits, c.root, c.shards, c.notAfter, c.acts, by) {
            vm.assertFalse(frozen, "a commit while frozen");
            commits += 1;
            root = next;
        } catch {
            vm.assertTrue(frozen, "a good commit was refused");
        }
    }

    function governByBothThresholds() external at {
        (Governance memory next, uint256[] memory nextApprovers, uint256[] memory nextGuardians) = succession();
        bytes32 digest = dvault.hashGovernance(vault, version + 1, next);
        try dvault.setGovernance(
            vault, next, approvals(approverKeys, 2, digest), approvals(nextApprovers, 2, digest)
        ) {
            vm.assertTrue(!frozen || time >= earliest, "a governance change while freshly frozen");
            generation += 1;
            version += 1;
            approverKeys = nextApprovers;
            guardianKeys = nextGuardians;
        } catch {
            vm.assertTrue(frozen && time < earliest, "a good governance change was refused");
        }
    }

    function unfreezeByThreshold() external at {
        bytes32 digest = dvault.hashUnfreeze(vault, freezes, version);
        try dvault.unfreeze(vault, approvals(approverKeys, 2, digest)) {
            vm.assertTrue(frozen && time >= earliest, "unfrozen too early");
            frozen = false;
        } catch {
            vm.assertFalse(frozen && time >= earliest, "a good unfreeze was refused");
        }
    }

    function wait(uint16 amount) external {
        time += amount % uint64(DELAY);
    }

    // ---- one guardian's key, in whatever hands: it stops and takes away, and that is all

    function guardianFreezes(uint8 which) external at {
        Head memory before = dvault.head(vault);
        bytes32 rules = keccak256(abi.encode(dvault.governance(vault)));
        vm.prank(vm.addr(guardianKeys[which % 2]));
        try dvault.freeze(vault) {
            vm.assertFalse(frozen, "a freeze was prolonged");
            frozen = true;
            freezes += 1;
            earliest = time + DELAY;
        } catch {
            vm.assertTrue(frozen, "a guardian was refused");
        }
        unchangedBy("a guardian", before, rules);
    }

    function guardianRevokes(uint8 which, uint8 entry) external at {
        RevocationId id = RevocationId.wrap(keccak256(abi.encode(entry % 5))); // few, so that some repeat
        Head memory before = dvault.head(vault);
        bytes32 rules = keccak256(abi.encode(dvault.governance(vault)));
        RevocationId[] memory ids = new RevocationId[](1);
        ids[0] = id;
        vm.prank(vm.addr(guardianKeys[which % 2]));
        dvault.revoke(vault, ids);
        if (!isRevoked[id]) revokedIds.push(id);
        isRevoked[id] = true;
        unchangedBy("a guardian", before, rules);
    }

    function guardianSignsLikeAnApprover(bytes32 next) external at {
        refusedCommit(next, approvals(guardianKeys, 2, dvault.hashCommit(proposal(next))));
    }

    // ---- fewer approvers' keys than the threshold

    function thiefOfOneKeyCommits(bytes32 next, uint8 which) external at {
        uint256[] memory one = new uint256[](1);
        one[0] = approverKeys[which % 3];
        refusedCommit(next, approvals(one, 1, dvault.hashCommit(proposal(next))));
    }

    function thiefOfOneKeySignsTwice(bytes32 next, uint8 which) external at {
        uint256[] memory twice = new uint256[](2);
        twice[0] = twice[1] = approverKeys[which % 3];
        refusedCommit(next, approvals(twice, 2, dvault.hashCommit(proposal(next))));
    }

    function thiefWithoutTheOldThresholdGoverns(uint8 count) external at {
        (Governance memory next, uint256[] memory nextApprovers,) = succession();
        bytes32 digest = dvault.hashGovernance(vault, version + 1, next);
        refusedGovernance(next, approvals(approverKeys, count % 2, digest), approvals(nextApprovers, 2, digest));
    }

    function thiefWithoutTheNewThresholdGoverns(uint8 count) external at {
        (Governance memory next, uint256[] memory nextApprovers,) = succession();
        bytes32 digest = dvault.hashGovernance(vault, version + 1, next);
        refusedGovernance(next, approvals(approverKeys, 3, digest), approvals(nextApprovers, count % 2, digest));
    }

    function formerApproversCommit(bytes32 next) external at {
        if (generation == 0) return;
        uint256[] memory former = ascending(3, firstApprover(generation - 1));
        refusedCommit(next, approvals(former, 3, dvault.hashCommit(proposal(next))));
    }

    function formerGuardianFreezes() external at {
        if (generation == 0) return;
        vm.prank(vm.addr(firstGuardian(generation - 1)));
        try dvault.freeze(vault) {
            vm.assertTrue(false, "a former guardian froze");
        } catch {
            refusals += 1;
        }
    }

    /// Any epoch but the right one, approved as much as can be.
    function commitAtAnotherEpoch(uint64 expected, bytes32 next) external at {
        if (expected == commits || expected == type(uint64).max) return;
        Commit memory c = proposal(next);
        c.epoch = expected + 1;
        Approval[] memory by = approvals(approverKeys, 3, dvault.hashCommit(c));
        try dvault.commit(vault, expected, c.root, c.shards, c.notAfter, c.acts, by) {
            vm.assertTrue(false, "an epoch was skipped or repeated");
        } catch {
            refusals += 1;
        }
    }

    // ---- views for the invariants

    function contractUnderTest() external view returns (DVault, VaultId) {
        return (dvault, vault);
    }

    function governanceInForce() public view returns (Governance memory) {
        return Governance(addresses(approverKeys), 2, addresses(guardianKeys), DELAY);
    }

    function revocations() external view returns (RevocationId[] memory) {
        return revokedIds;
    }

    // ---- words

    modifier at() {
        vm.warp(time); // each call of a campaign starts at the time of the set-up
        _;
    }

    function firstApprover(uint256 of_) private pure returns (uint256) {
        return of_ == 0 ? 1 : 1000 + of_ * 10;
    }

    function firstGuardian(uint256 of_) private pure returns (uint256) {
        return of_ == 0 ? 200 : 1005 + of_ * 10;
    }

    function succession() private view returns (Governance memory, uint256[] memory, uint256[] memory) {
        uint256[] memory a = ascending(3, firstApprover(generation + 1));
        uint256[] memory g = ascending(2, firstGuardian(generation + 1));
        return (Governance(addresses(a), 2, addresses(g), DELAY), a, g);
    }

    function proposal(bytes32 next) private view returns (Commit memory) {
        return Commit(vault, commits + 1, root, next, SHARDS, time + 1 days, ACTS, version);
    }

    function refusedCommit(bytes32 next, Approval[] memory by) private {
        Commit memory c = proposal(next);
        try dvault.commit(vault, commits, c.root, c.shards, c.notAfter, c.acts, by) {
            vm.assertTrue(false, "a commit below the threshold");
        } catch {
            refusals += 1;
        }
    }

    function refusedGovernance(Governance memory next, Approval[] memory old, Approval[] memory fresh) private {
        try dvault.setGovernance(vault, next, old, fresh) {
            vm.assertTrue(false, "a governance change without both thresholds");
        } catch {
            refusals += 1;
        }
    }

    /// All but what a freeze sets.
    function unchangedBy(string memory who, Head memory before, bytes32 rules) private view {
        Head memory actual = dvault.head(vault);
        (actual.frozen, actual.freezes, actual.earliestUnfreeze, actual.revokedAt) =
            (before.frozen, before.freezes, before.earliestUnfreeze, before.revokedAt);
        vm.assertEq(keccak256(abi.encode(actual)), keccak256(abi.encode(before)), who);
        vm.assertEq(keccak256(abi.encode(dvault.governance(vault))), rules, who);
    }
}
