// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Commit, Governance, VaultId} from "./IDVault.sol";

/// @title The three EIP-712 types that approvers sign
/// @dev EIP-712 encodes `bytes` as their keccak256 and an array as the keccak256 of its padded elements.
library Typed {
    bytes32 internal constant COMMIT = keccak256(
        "Commit(bytes32 vault,uint64 epoch,bytes32 prevRoot,bytes32 root,uint256 shards,uint64 notAfter,bytes acts,"
        "uint64 governanceVersion)"
    );
    bytes32 internal constant SET_GOVERNANCE = keccak256(
        "SetGovernance(bytes32 vault,uint64 version,address[] approvers,uint16 threshold,address[] guardians,"
        "uint64 unfreezeDelay)"
    );
    bytes32 internal constant UNFREEZE =
        keccak256("Unfreeze(bytes32 vault,uint64 freezes,uint64 governanceVersion)");

    function hash(Commit memory c) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                COMMIT,
                c.vault,
                c.epoch,
                c.prevRoot,
                c.root,
                c.shards,
                c.notAfter,
                keccak256(c.acts),
                c.governanceVersion
            )
        );
    }

    function hash(VaultId vault, uint64 version, Governance calldata g) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                SET_GOVERNANCE,
                vault,
                version,
                keccak256(abi.encodePacked(g.approvers)),
                g.threshold,
                keccak256(abi.encodePacked(g.guardians)),
                g.unfreezeDelay
            )
        );
    }

    function hash(VaultId vault, uint64 freezes, uint64 governanceVersion) internal pure returns (bytes32) {
        return keccak256(abi.encode(UNFREEZE, vault, freezes, governanceVersion));
    }
}
