// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// A vault: keccak256(abi.encode(creator, salt)), 64 bytes hashed.
type VaultId is bytes32;

/// One generation of one entry: sha256(EntryId, generation). Says nothing to who does not hold the repository.
type RevocationId is bytes32;

/// Who must agree, and who may stop.
/// approvers: strictly ascending, 1 to 32. threshold: 1 to their number. guardians: strictly ascending, 0 to 32.
/// unfreezeDelay: how long a freeze lasts at least, in seconds, at most 30 days.
struct Governance {
    address[] approvers;
    uint16 threshold;
    address[] guardians;
    uint64 unfreezeDelay;
}

/// The next head as approvers sign it; the fields are those of the EIP-712 type, in its order.
/// epoch: the new one. prevRoot: the root it replaces, zero at epoch 1. root: sha2-256 digest of the root block.
/// shards: bit i is set when the devices map changed below first-level slot i. notAfter: unix seconds until which
/// agents take the head for fresh. acts: public summary, dag-cbor, at most 1,024 bytes.
struct Commit {
    VaultId vault;
    uint64 epoch;
    bytes32 prevRoot;
    bytes32 root;
    uint256 shards;
    uint64 notAfter;
    bytes acts;
    uint64 governanceVersion;
}

/// One approver's signature: 65 bytes r, s, v with low s and v 27 or 28 for a key; any bytes for an ERC-1271 contract.
struct Approval {
    address signer;
    bytes signature;
}

/// What the contract holds for a vault; all zero when there is no such vault (a vault has governanceVersion >= 1).
/// epoch: 0 when nothing was committed yet; root and notAfter are zero then.
/// committedAt: number of the block with the last commit, 0 when there is none.
/// governanceChangedAt: number of the block with the last governance change, or with the creation.
/// earliestUnfreeze: unix seconds from which approvers may end the last freeze; 0 when there never was one.
/// freezes: how many freezes there have been; `unfreeze` approvals bind it.
/// revokedAt: number of the block with the last `revoke`, 0 when there is none: nothing was ever revoked then.
struct Head {
    uint64 epoch;
    bytes32 root;
    uint64 notAfter;
    uint64 governanceVersion;
    bool frozen;
    uint64 committedAt;
    uint64 governanceChangedAt;
    uint64 earliestUnfreeze;
    uint64 freezes;
    uint64 revokedAt;
}

/// @title The record of any number of vaults: one immutable contract with no owner
/// @notice A vault's head moves only when a threshold of its approvers signed the next one. Anyone may relay what they
/// signed. Guardians can only take away (revoke) and stop (freeze). Specification: schemas/spec/contract.md.
interface IDVault {
    // ---- events: the history is complete when its epochs, roots and block numbers link without a hole

    /// @notice A vault came to be, with governance version 1.
    event VaultCreated(VaultId indexed vault, address indexed creator, Governance governance);

    /// @notice The head moved by one epoch.
    /// @param previousAt number of the block with the commit before; 0 for the first
    event Committed(
        VaultId indexed vault,
        uint64 indexed epoch,
        bytes32 prevRoot,
        bytes32 root,
        uint256 shards,
        uint64 notAfter,
        bytes acts,
        uint64 governanceVersion,
        Approval[] approvals,
        uint64 previousAt
    );

    /// @notice Other approvers, threshold, guardians or delay are in force from here on.
    /// @param previousAt number of the block with the change before, or with the creation
    event GovernanceChanged(
        VaultId indexed vault,
        uint64 indexed version,
        Governance next,
        Approval[] approvalsOld,
        Approval[] approvalsNew,
        uint64 previousAt
    );

    /// @notice A guardian took entries away, for good. Some of the ids may have been revoked before.
    /// @param previousAt number of the block with the revocation before; 0 for the first
    event Revoked(VaultId indexed vault, address indexed guardian, RevocationId[] ids, uint64 previousAt);

    /// @notice A guardian stopped the vault.
    /// @param earliestUnfreeze unix seconds from which approvers may let it go on
    event Frozen(VaultId indexed vault, address indexed guardian, uint64 earliestUnfreeze);

    /// @notice Approvers let the vault go on.
    event Unfrozen(VaultId indexed vault, Approval[] approvals);

    // ---- errors: expected before actual where there are both

    error UnknownVault(VaultId vault);
    error VaultExists(VaultId vault);
    /// @param expected what the committer took the head's epoch to be
    /// @param actual what it is: somebody else committed first
    error StaleEpoch(uint64 expected, uint64 actual);
    error EmptyRoot();
    error NotAfterPassed(uint64 notAfter, uint64 time);
    error ActsTooLong(uint256 most, uint256 actual);
    error VaultFrozen(uint64 earliestUnfreeze);
    error VaultNotFrozen();
    error UnfreezeTooEarly(uint64 earliest, uint64 time);
    error TooFewApprovals(uint256 expected, uint256 actual);
    error NotApprover(address signer);
    error NotGuardian(address caller);
    error InvalidSignature(address signer);
    /// @notice Signers, approvers and guardians are strictly ascending, above zero: that excludes duplicates.
    error NotAscending(address before, address actual);
    error ApproversOutOfRange(uint256 most, uint256 actual);
    error TooManyGuardians(uint256 most, uint256 actual);
    error ThresholdOutOfRange(uint256 most, uint256 actual);
    error UnfreezeDelayTooLong(uint64 most, uint64 actual);
    error RevocationsOutOfRange(uint256 most, uint256 actual);

    // ---- acts

    /// @notice Creates a vault with governance version 1 and epoch 0.
    /// @param salt any value new to the caller; public, hence never the salt of vault.yaml
    /// @return vault keccak256(abi.encode(msg.sender, salt)): nobody else can take it
    function createVault(bytes32 salt, Governance calldata governance) external returns (VaultId vault);

    /// @notice Moves the head from `expectedEpoch` to the next epoch. Anyone may relay.
    /// @param expectedEpoch the epoch that the head has now (compare-and-swap); approvals sign the one after it
    /// @param approvals at least threshold, all valid, signers strictly ascending
    function commit(
        VaultId vault,
        uint64 expectedEpoch,
        bytes32 root,
        uint256 shards,
        uint64 notAfter,
        bytes calldata acts,
        Approval[] calldata approvals
    ) external;

    /// @notice Puts `next` in force as the version after the present one. While frozen, only from the earliest
    /// unfreeze on: so a stolen guardian key cannot stop a vault for ever, and stolen approver keys cannot shake off
    /// the guardians who stopped them.
    /// @param approvalsOld over {hashGovernance}, by the threshold in force
    /// @param approvalsNew over the same digest, by the threshold of `next`
    function setGovernance(
        VaultId vault,
        Governance calldata next,
        Approval[] calldata approvalsOld,
        Approval[] calldata approvalsNew
    ) external;

    /// @notice Takes 1 to 256 entries away, for good; by any one guardian. Repeating it changes nothing.
    function revoke(VaultId vault, RevocationId[] calldata ids) external;

    /// @notice Stops commits and governance changes; by any one guardian. A freeze cannot be prolonged.
    function freeze(VaultId vault) external;

    /// @notice Lets the vault go on, once the delay is over. Anyone may relay.
    /// @param approvals over {hashUnfreeze}, by the threshold in force
    function unfreeze(VaultId vault, Approval[] calldata approvals) external;

    // ---- views

    /// @notice All zero when there is no such vault.
    function head(VaultId vault) external view returns (Head memory);

    /// @notice The governance in force.
    function governance(VaultId vault) external view returns (Governance memory);

    /// @notice Which of `ids` a guardian has revoked, in the same order.
    function revoked(VaultId vault, RevocationId[] calldata ids) external view returns (bool[] memory);

    /// @notice keccak256(abi.encode(creator, salt)).
    function vaultId(address creator, bytes32 salt) external pure returns (VaultId);

    /// @notice The EIP-712 digest that approvers of a commit sign.
    function hashCommit(Commit calldata next) external view returns (bytes32);

    /// @notice The EIP-712 digest that approvers of a governance change sign, the old ones and the new ones.
    /// @param version the version that `next` will have
    function hashGovernance(VaultId vault, uint64 version, Governance calldata next) external view returns (bytes32);

    /// @notice The EIP-712 digest that approvers of an unfreeze sign.
    /// @param freezes the head's count of freezes
    function hashUnfreeze(VaultId vault, uint64 freezes, uint64 governanceVersion) external view returns (bytes32);
}
