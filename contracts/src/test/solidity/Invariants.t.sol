// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DVault} from "../../main/solidity/DVault.sol";
import {Head, RevocationId, VaultId} from "../../main/solidity/IDVault.sol";
import {Handler} from "./support/Handler.sol";
import {VaultTest} from "./support/VaultTest.sol";

/// Whatever owners, thieves and strangers do in whatever order, these hold after every act.
contract InvariantsTest is VaultTest {
    Handler private handler;

    function setUp() public override {
        handler = new Handler();
        (dvault, vault) = handler.contractUnderTest();
    }

    /// Read by forge: the only contract that it calls.
    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(handler);
    }

    /// Read by forge: `setUp` is not one of the handler's acts.
    function excludeSelectors() public view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        list[0].addr = address(handler);
        list[0].selectors = new bytes4[](1);
        list[0].selectors[0] = VaultTest.setUp.selector;
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev T5, O2: the epoch is the number of commits that the threshold approved, and the root the last of theirs.
    function invariant_head_movesByOneApprovedCommit() public view {
        vm.assertEq(dvault.head(vault).epoch, handler.commits());
        vm.assertEq(dvault.head(vault).root, handler.root());
    }

    /// @dev T13: governance changes by both thresholds only; a freeze lasts as long as was said when it was made; what
    /// was taken away never comes back.
    function invariant_guardians_onlyStop() public view {
        Head memory h = dvault.head(vault);
        vm.assertEq(h.governanceVersion, handler.version());
        assertSame(dvault.governance(vault), handler.governanceInForce());
        vm.assertEq(h.frozen, handler.frozen());
        vm.assertEq(h.freezes, handler.freezes());
        vm.assertEq(h.earliestUnfreeze, handler.earliest());

        RevocationId[] memory ids = handler.revocations();
        bool[] memory answers = dvault.revoked(vault, ids);
        for (uint256 i = 0; i < answers.length; ++i) {
            vm.assertTrue(answers[i], "came back");
        }
    }
}

/// @dev T13: guardians and strangers call the contract itself with anything at all; nobody holds an approver's key.
contract StrangersTest is VaultTest {
    function targetContracts() public view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(dvault);
    }

    function targetSenders() public view returns (address[] memory list) {
        list = new address[](3);
        (list[0], list[1], list[2]) = (guardians[0], guardians[1], stranger);
    }

    /// @dev T13
    /// forge-config: default.invariant.fail-on-revert = false
    function invariant_withoutApprovers_nothingMoves() public view {
        Head memory h = dvault.head(vault);
        vm.assertEq(h.epoch, 0);
        vm.assertEq(h.root, 0);
        vm.assertEq(h.governanceVersion, 1);
        assertSame(dvault.governance(vault), present());
    }
}
