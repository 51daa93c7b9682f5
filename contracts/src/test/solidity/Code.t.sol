// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DVault} from "../../main/solidity/DVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

/// @dev O12: what these tests test is what is committed, and what is committed is what runs.
contract CodeTest is VaultTest {
    string private constant ARTIFACTS = "src/main/resources/io/dvault/ledger/";

    function test_code_isTheCommittedCreationCode() public view {
        vm.assertEq(type(DVault).creationCode, hexOf(vm.readFile(string.concat(ARTIFACTS, "DVault.bin"))));
    }

    /// Whoever has a node's answer to eth_getCode does this to find out whether it is the published source.
    function test_code_deployedIsTheCommittedOneBesidesImmutables() public view {
        string memory json = vm.readFile(string.concat(ARTIFACTS, "DVault.runtime.json"));
        bytes memory published = hexOf(vm.parseJsonString(json, ".code"));

        bytes memory deployed = address(dvault).code;
        vm.assertTrue(keccak256(deployed) != keccak256(published), "immutables are set");
        uint256 count = 0;
        for (; vm.keyExistsJson(json, immutablePath(count)); ++count) {
            uint256 start = vm.parseJsonUint(json, string.concat(immutablePath(count), ".start"));
            for (uint256 at = start; at < start + 32; ++at) {
                vm.assertEq(uint8(published[at]), 0, "an immutable's place holds zeros");
                deployed[at] = 0;
            }
        }
        vm.assertGe(count, 7, "OpenZeppelin's EIP712 has seven immutables");
        vm.assertEq(deployed, published);
    }

    /// No proxy, no owner: the contract has no way to run another's code, to destroy itself or to be paid.
    function test_code_refusesEther() public {
        (bool done,) = address(dvault).call{value: 1}("");
        vm.assertFalse(done, "took ether");
    }

    function immutablePath(uint256 index) private pure returns (string memory) {
        return string.concat(".immutables[", vm.toString(index), "]");
    }

    function hexOf(string memory text) private pure returns (bytes memory) {
        return vm.parseBytes(string.concat("0x", vm.trim(text)));
    }
}
