// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Approval, Commit, Governance, Head, IDVault, RevocationId, VaultId} from "./IDVault.sol";
import {Typed} from "./Typed.sol";

/// @title The record of any number of vaults: see IDVault for what it does
/// @dev No proxy, no owner, no delegatecall, no ether, no call but the static one to ERC-1271 signers.
contract DVault is IDVault, EIP712 {
    uint256 private constant MAX_APPROVERS = 32;
    uint256 private constant MAX_GUARDIANS = 32;
    uint256 private constant MAX_ACTS = 1024;
    uint256 private constant MAX_REVOCATIONS = 256;
    uint64 private constant MAX_UNFREEZE_DELAY = 30 days;

    /// What a commit reads and writes is in the first two slots; everything else is behind them.
    struct Vault {
        // slot 0
        uint64 epoch;
        uint64 notAfter;
        uint48 committedAt;
        uint48 governanceVersion;
        uint8 threshold;
        bool frozen;
        // slot 1
        bytes32 root;
        // slot 2
        uint64 governanceChangedAt;
        uint64 earliestUnfreeze;
        uint64 revokedAt;
        uint32 unfreezeDelay;
        uint32 freezes;
        // lists for readers; what is checked are the two maps
        address[] approvers;
        address[] guardians;
        // the last governance version that appointed an address: no older version needs clearing
        mapping(address signer => uint256 version) approverIn;
        mapping(address caller => uint256 version) guardianIn;
        mapping(RevocationId id => bool) revoked;
    }

    mapping(VaultId vault => Vault) private _vaults;

    constructor() EIP712("dVault", "1") {}

    // ---- acts

    /// @inheritdoc IDVault
    function createVault(bytes32 salt, Governance calldata first) external returns (VaultId vault) {
        vault = vaultId(msg.sender, salt);
        Vault storage v = _vaults[vault];
        if (v.governanceVersion != 0) revert VaultExists(vault);
        // Never read at epoch 0. The slot is paid for here, so that the first commit costs what every commit costs.
        v.root = VaultId.unwrap(vault);
        _putInForce(v, first);
        emit VaultCreated(vault, msg.sender, first);
    }

    /// @inheritdoc IDVault
    function commit(
        VaultId vault,
        uint64 expectedEpoch,
        bytes32 root,
        uint256 shards,
        uint64 notAfter,
        bytes calldata acts,
        Approval[] calldata approvals
    ) external {
        Vault storage v = _existing(vault);
        if (v.frozen) revert VaultFrozen(v.earliestUnfreeze);
        if (v.epoch != expectedEpoch) revert StaleEpoch(expectedEpoch, v.epoch);
        if (root == 0) revert EmptyRoot();
        if (notAfter <= block.timestamp) revert NotAfterPassed(notAfter, uint64(block.timestamp));
        if (acts.length > MAX_ACTS) revert ActsTooLong(MAX_ACTS, acts.length);

        Commit memory next =
            Commit(vault, expectedEpoch + 1, _root(v), root, shards, notAfter, acts, v.governanceVersion);
        _requireApproved(v, _hashTypedDataV4(Typed.hash(next)), approvals);

        uint64 previousAt = v.committedAt;
        v.epoch = next.epoch;
        v.notAfter = notAfter;
        v.committedAt = uint48(block.number);
        v.root = root;
        _emitCommitted(next, approvals, previousAt);
    }

    /// @inheritdoc IDVault
    function setGovernance(
        VaultId vault,
        Governance calldata next,
        Approval[] calldata approvalsOld,
        Approval[] calldata approvalsNew
    ) external {
        Vault storage v = _existing(vault);
        if (v.frozen && block.timestamp < v.earliestUnfreeze) revert VaultFrozen(v.earliestUnfreeze);
        uint64 version = v.governanceVersion + 1;
        uint64 previousAt = v.governanceChangedAt;
        bytes32 digest = _hashTypedDataV4(Typed.hash(vault, version, next));
        _requireApproved(v, digest, approvalsOld);
        _putInForce(v, next);
        _requireApproved(v, digest, approvalsNew);
        emit GovernanceChanged(vault, version, next, approvalsOld, approvalsNew, previousAt);
    }

    /// @inheritdoc IDVault
    function revoke(VaultId vault, RevocationId[] calldata ids) external {
        Vault storage v = _guarded(vault);
        if (ids.length == 0 || ids.length > MAX_REVOCATIONS) {
            revert RevocationsOutOfRange(MAX_REVOCATIONS, ids.length);
        }
        for (uint256 i = 0; i < ids.length; ++i) {
            v.revoked[ids[i]] = true;
        }
        uint64 previousAt = v.revokedAt;
        v.revokedAt = uint64(block.number);
        emit Revoked(vault, msg.sender, ids, previousAt);
    }

    /// @inheritdoc IDVault
    function freeze(VaultId vault) external {
        Vault storage v = _guarded(vault);
        if (v.frozen) revert VaultFrozen(v.earliestUnfreeze);
        uint64 earliest = uint64(block.timestamp) + v.unfreezeDelay;
        v.frozen = true;
        v.earliestUnfreeze = earliest;
        v.freezes += 1;
        emit Frozen(vault, msg.sender, earliest);
    }

    /// @inheritdoc IDVault
    function unfreeze(VaultId vault, Approval[] calldata approvals) external {
        Vault storage v = _existing(vault);
        if (!v.frozen) revert VaultNotFrozen();
        if (block.timestamp < v.earliestUnfreeze) {
            revert UnfreezeTooEarly(v.earliestUnfreeze, uint64(block.timestamp));
        }
        _requireApproved(v, hashUnfreeze(vault, v.freezes, v.governanceVersion), approvals);
        v.frozen = false;
        emit Unfrozen(vault, approvals);
    }

    // ---- views

    /// @inheritdoc IDVault
    function head(VaultId vault) external view returns (Head memory) {
        Vault storage v = _vaults[vault];
        return Head({
            epoch: v.epoch,
            root: _root(v),
            notAfter: v.notAfter,
            governanceVersion: v.governanceVersion,
            frozen: v.frozen,
            committedAt: v.committedAt,
            governanceChangedAt: v.governanceChangedAt,
            earliestUnfreeze: v.earliestUnfreeze,
            freezes: v.freezes,
            revokedAt: v.revokedAt
        });
    }

    /// @inheritdoc IDVault
    function governance(VaultId vault) external view returns (Governance memory) {
        Vault storage v = _existing(vault);
        return Governance(v.approvers, v.threshold, v.guardians, v.unfreezeDelay);
    }

    /// @inheritdoc IDVault
    function revoked(VaultId vault, RevocationId[] calldata ids) external view returns (bool[] memory answers) {
        Vault storage v = _existing(vault);
        answers = new bool[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            answers[i] = v.revoked[ids[i]];
        }
    }

    /// @inheritdoc IDVault
    function vaultId(address creator, bytes32 salt) public pure returns (VaultId) {
        return VaultId.wrap(keccak256(abi.encode(creator, salt)));
    }

    /// @inheritdoc IDVault
    function hashCommit(Commit calldata next) external view returns (bytes32) {
        return _hashTypedDataV4(Typed.hash(next));
    }

    /// @inheritdoc IDVault
    function hashGovernance(VaultId vault, uint64 version, Governance calldata next) external view returns (bytes32) {
        return _hashTypedDataV4(Typed.hash(vault, version, next));
    }

    /// @inheritdoc IDVault
    function hashUnfreeze(VaultId vault, uint64 freezes, uint64 governanceVersion) public view returns (bytes32) {
        return _hashTypedDataV4(Typed.hash(vault, freezes, governanceVersion));
    }

    // ---- rules

    function _existing(VaultId vault) private view returns (Vault storage v) {
        v = _vaults[vault];
        if (v.governanceVersion == 0) revert UnknownVault(vault);
    }

    function _guarded(VaultId vault) private view returns (Vault storage v) {
        v = _existing(vault);
        if (v.guardianIn[msg.sender] != v.governanceVersion) revert NotGuardian(msg.sender);
    }

    function _root(Vault storage v) private view returns (bytes32) {
        return v.epoch == 0 ? bytes32(0) : v.root;
    }

    /// Every approval given must be valid, so that what an event lists is what was approved.
    function _requireApproved(Vault storage v, bytes32 digest, Approval[] calldata approvals) private view {
        if (approvals.length < v.threshold) revert TooFewApprovals(v.threshold, approvals.length);
        uint256 version = v.governanceVersion;
        address before = address(0);
        for (uint256 i = 0; i < approvals.length; ++i) {
            address signer = approvals[i].signer;
            if (signer <= before) revert NotAscending(before, signer);
            if (v.approverIn[signer] != version) revert NotApprover(signer);
            if (!_isSigned(signer, digest, approvals[i].signature)) revert InvalidSignature(signer);
            before = signer;
        }
    }

    /// The signer's own key counts whether or not its address has code (EIP-7702 gives code to keys): so a device
    /// that recovers signers offline decides as the contract does, and a key's approval cannot lapse.
    /// A hostile ERC-1271 signer is called statically, at most 32 bytes of its answer are copied, and its revert is a
    /// no. It can burn the gas of who chose to relay its approval, and nothing else.
    function _isSigned(address signer, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address recovered, ECDSA.RecoverError error,) = ECDSA.tryRecoverCalldata(digest, signature);
        return (error == ECDSA.RecoverError.NoError && recovered == signer)
            || SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature);
    }

    function _putInForce(Vault storage v, Governance calldata next) private {
        uint256 approvers = next.approvers.length;
        if (approvers == 0 || approvers > MAX_APPROVERS) revert ApproversOutOfRange(MAX_APPROVERS, approvers);
        if (next.guardians.length > MAX_GUARDIANS) revert TooManyGuardians(MAX_GUARDIANS, next.guardians.length);
        if (next.threshold == 0 || next.threshold > approvers) revert ThresholdOutOfRange(approvers, next.threshold);
        if (next.unfreezeDelay > MAX_UNFREEZE_DELAY) {
            revert UnfreezeDelayTooLong(MAX_UNFREEZE_DELAY, next.unfreezeDelay);
        }
        uint48 version = v.governanceVersion + 1;
        _appoint(v.approverIn, next.approvers, version);
        _appoint(v.guardianIn, next.guardians, version);
        v.governanceVersion = version;
        v.threshold = uint8(next.threshold);
        v.governanceChangedAt = uint64(block.number);
        v.unfreezeDelay = uint32(next.unfreezeDelay); // at most MAX_UNFREEZE_DELAY
        v.approvers = next.approvers;
        v.guardians = next.guardians;
    }

    function _appoint(mapping(address => uint256) storage role, address[] calldata members, uint256 version) private {
        address before = address(0);
        for (uint256 i = 0; i < members.length; ++i) {
            if (members[i] <= before) revert NotAscending(before, members[i]);
            role[members[i]] = version;
            before = members[i];
        }
    }

    function _emitCommitted(Commit memory c, Approval[] calldata approvals, uint64 previousAt) private {
        emit Committed(
            c.vault,
            c.epoch,
            c.prevRoot,
            c.root,
            c.shards,
            c.notAfter,
            c.acts,
            c.governanceVersion,
            approvals,
            previousAt
        );
    }
}
