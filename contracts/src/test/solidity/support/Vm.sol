// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// The cheatcodes of forge that these tests use. (The package `forge-std` on npm is not Foundry's.)
interface Vm {
    // values
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function toString(bytes32 value) external pure returns (string memory);
    function toString(bytes calldata value) external pure returns (string memory);
    function toString(address value) external pure returns (string memory);
    function toString(uint256 value) external pure returns (string memory);
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function trim(string calldata text) external pure returns (string memory);
    function contains(string calldata text, string calldata part) external pure returns (bool);
    function readFile(string calldata path) external view returns (string memory);
    function split(string calldata text, string calldata delimiter) external pure returns (string[] memory);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);

    // the chain
    function prank(address sender) external;
    function warp(uint256 timestamp) external;
    function roll(uint256 number) external;
    function chainId(uint256 id) external;
    function etch(address target, bytes calldata code) external;

    // expectations
    function assume(bool condition) external pure;
    function expectRevert() external;
    function expectRevert(bytes calldata data) external;
    function expectEmit(address emitter) external;
    function assertTrue(bool condition, string calldata message) external pure;
    function assertFalse(bool condition, string calldata message) external pure;
    function assertEq(bool actual, bool expected) external pure;
    function assertEq(uint256 actual, uint256 expected) external pure;
    function assertEq(uint256 actual, uint256 expected, string calldata message) external pure;
    function assertEq(bytes32 actual, bytes32 expected) external pure;
    function assertEq(bytes32 actual, bytes32 expected, string calldata message) external pure;
    function assertEq(bytes calldata actual, bytes calldata expected) external pure;
    function assertEq(address actual, address expected) external pure;
    function assertLe(uint256 actual, uint256 most, string calldata message) external pure;
    function assertGe(uint256 actual, uint256 least, string calldata message) external pure;

    // a second EIP-712
    function eip712HashTypedData(string calldata json) external pure returns (bytes32);

    // gas of the last call as its sender pays it; compared with snapshots/*.json
    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256 gasUsed);
}
