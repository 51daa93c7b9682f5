// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Approval, IDVault, RevocationId, VaultId} from "../../../main/solidity/IDVault.sol";

bytes4 constant MAGIC = 0x1626ba7e; // ERC-1271: bytes4(keccak256("isValidSignature(bytes32,bytes)"))

/// A wallet as it should be: says yes to the hashes that its owner said yes to.
contract HonestWallet {
    mapping(bytes32 hash => bool) public agreed;

    function agree(bytes32 hash) external {
        agreed[hash] = true;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return agreed[hash] ? MAGIC : bytes4(0xffffffff);
    }
}

contract RevertingWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        revert("no");
    }
}

/// Reverts with as much as the gas pays for.
contract RevertBombWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        assembly {
            revert(0, 262144)
        }
    }
}

/// Says yes, followed by 256 KiB.
contract ReturnBombWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        bytes4 magic = MAGIC;
        assembly {
            mstore(0, magic)
            return(0, 262144)
        }
    }
}

/// Answers with the bytes it was made with, whatever they are.
contract AnsweringWallet {
    bytes private answer;

    constructor(bytes memory answer_) {
        answer = answer_;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return answer;
    }
}

contract GasEaterWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        while (true) {}
        return MAGIC;
    }
}

/// Tries to act on the vault (of which it is a guardian) when asked, and says yes only if it could.
contract ReenteringWallet {
    IDVault private immutable _dvault;
    VaultId private immutable _vault;
    bytes private _call;

    constructor(IDVault dvault, VaultId vault) {
        (_dvault, _vault) = (dvault, vault);
    }

    function use(bytes calldata call) external {
        _call = call;
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        // Bounded, because a breach of a static call burns all that was forwarded.
        (bool done,) = address(_dvault).call{gas: 1_000_000}(_call);
        return done ? MAGIC : bytes4(0);
    }

    /// The same act outside of a check, to show that it is the check which forbids it.
    function act() external returns (bool done) {
        (done,) = address(_dvault).call{gas: 1_000_000}(_call);
    }
}
