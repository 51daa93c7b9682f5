// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {DVault} from "../../main/solidity/DVault.sol";
import {Commit, Governance, VaultId} from "../../main/solidity/IDVault.sol";
import {VaultTest} from "./support/VaultTest.sol";

/// schemas/spec/contract.md, its example, and a second implementation of EIP-712 (forge's own) agree with the contract.
contract SpecificationTest is VaultTest {
    string private constant SPECIFICATION = "../schemas/spec/contract.md";
    DVault private constant AT = DVault(0x5FbDB2315678afecb367f032d93F642f64180aa3);
    address private constant CREATOR = 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266;
    /// anvil's second well-known key, and no other's: the example's only approver.
    uint256 private constant KEY = 0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d;

    string private text;

    function setUp() public override {
        super.setUp();
        vm.etch(address(AT), address(dvault).code);
        text = vm.readFile(SPECIFICATION);
    }

    function test_specification_exampleOfVaultId() public view {
        vm.assertEq(VaultId.unwrap(AT.vaultId(CREATOR, bytes32(uint256(1)))), VaultId.unwrap(exampleVault()));
        says(vm.toString(VaultId.unwrap(exampleVault())));
    }

    function test_specification_exampleOfCommit() public view {
        Commit memory c = exampleCommit();
        says(vm.toString(AT.hashCommit(c)));
        says(vm.toString(signature(KEY, AT.hashCommit(c))));
        says(vm.toString(vm.addr(KEY)));
    }

    function test_specification_exampleOfGovernance() public view {
        says(vm.toString(AT.hashGovernance(exampleVault(), 2, exampleGovernance())));
    }

    function test_specification_exampleOfUnfreeze() public view {
        says(vm.toString(AT.hashUnfreeze(exampleVault(), 1, 1)));
    }

    function test_specification_wallets_hashTheJsonToTheSame() public view {
        string memory json = vm.split(vm.split(text, "```json\n")[1], "\n```")[0];
        vm.assertEq(vm.eip712HashTypedData(json), AT.hashCommit(exampleCommit()));
    }

    function test_specification_domain() public view {
        (bytes1 fields, string memory name, string memory version, uint256 chain, address at,,) = dvault.eip712Domain();
        vm.assertEq(bytes32(fields), bytes32(bytes1(0x0f)));
        vm.assertEq(bytes(name), "dVault");
        vm.assertEq(bytes(version), "1");
        vm.assertEq(chain, block.chainid);
        vm.assertEq(at, address(dvault));
    }

    function testFuzz_hashCommit_agreesWithAnotherEip712(Commit memory c) public view {
        string memory message = string.concat(
            '{"vault":"', vm.toString(VaultId.unwrap(c.vault)), '","epoch":', quoted(c.epoch), ',"prevRoot":"',
            vm.toString(c.prevRoot), '","root":"', vm.toString(c.root), '","shards":', quoted(c.shards)
        );
        message = string.concat(
            message, ',"notAfter":', quoted(c.notAfter), ',"acts":"', vm.toString(c.acts), '","governanceVersion":',
            quoted(c.governanceVersion), "}"
        );
        string memory fields = string.concat(
            field("vault", "bytes32"), ",", field("epoch", "uint64"), ",", field("prevRoot", "bytes32"), ",",
            field("root", "bytes32"), ",", field("shards", "uint256"), ","
        );
        fields = string.concat(
            fields, field("notAfter", "uint64"), ",", field("acts", "bytes"), ",", field("governanceVersion", "uint64")
        );
        vm.assertEq(another("Commit", fields, message), dvault.hashCommit(c));
    }

    function testFuzz_hashGovernance_agreesWithAnotherEip712(VaultId id, uint64 version, Governance memory g)
        public
        view
    {
        string memory message = string.concat(
            '{"vault":"', vm.toString(VaultId.unwrap(id)), '","version":', quoted(version), ',"approvers":',
            list(g.approvers), ',"threshold":', quoted(g.threshold), ',"guardians":', list(g.guardians)
        );
        message = string.concat(message, ',"unfreezeDelay":', quoted(g.unfreezeDelay), "}");
        string memory fields = string.concat(
            field("vault", "bytes32"), ",", field("version", "uint64"), ",", field("approvers", "address[]"), ",",
            field("threshold", "uint16"), ","
        );
        fields = string.concat(fields, field("guardians", "address[]"), ",", field("unfreezeDelay", "uint64"));
        vm.assertEq(another("SetGovernance", fields, message), dvault.hashGovernance(id, version, g));
    }

    function testFuzz_hashUnfreeze_agreesWithAnotherEip712(VaultId id, uint64 freezes, uint64 version) public view {
        string memory message = string.concat(
            '{"vault":"', vm.toString(VaultId.unwrap(id)), '","freezes":', quoted(freezes), ',"governanceVersion":',
            quoted(version), "}"
        );
        string memory fields = string.concat(
            field("vault", "bytes32"), ",", field("freezes", "uint64"), ",", field("governanceVersion", "uint64")
        );
        vm.assertEq(another("Unfreeze", fields, message), dvault.hashUnfreeze(id, freezes, version));
    }

    // ---- the example

    function exampleVault() private pure returns (VaultId) {
        return VaultId.wrap(keccak256(abi.encode(CREATOR, bytes32(uint256(1)))));
    }

    function exampleCommit() private pure returns (Commit memory) {
        bytes32 root = 0x3333333333333333333333333333333333333333333333333333333333333333;
        return Commit(exampleVault(), 1, 0, root, 1 << 255 | 1, 1_795_000_000, hex"a1617601", 1);
    }

    function exampleGovernance() private pure returns (Governance memory g) {
        g = Governance(new address[](1), 1, new address[](1), 3600);
        g.approvers[0] = vm.addr(KEY);
        g.guardians[0] = CREATOR;
    }

    // ---- words

    function says(string memory part) private view {
        vm.assertTrue(vm.contains(text, part), string.concat(SPECIFICATION, " does not say ", part));
    }

    function another(string memory primary, string memory fields, string memory message)
        private
        view
        returns (bytes32)
    {
        string memory domainType = string.concat(
            '"EIP712Domain":[', field("name", "string"), ",", field("version", "string"), ",",
            field("chainId", "uint256"), ",", field("verifyingContract", "address"), "]"
        );
        string memory domain = string.concat(
            '{"name":"dVault","version":"1","chainId":', vm.toString(block.chainid), ',"verifyingContract":"',
            vm.toString(address(dvault)), '"}'
        );
        string memory types = string.concat("{", domainType, ',"', primary, '":[', fields, "]}");
        return vm.eip712HashTypedData(
            string.concat(
                '{"types":', types, ',"primaryType":"', primary, '","domain":', domain, ',"message":', message, "}"
            )
        );
    }

    function field(string memory name, string memory kind) private pure returns (string memory) {
        return string.concat('{"name":"', name, '","type":"', kind, '"}');
    }

    function quoted(uint256 value) private pure returns (string memory) {
        return string.concat('"', vm.toString(value), '"');
    }

    function list(address[] memory members) private pure returns (string memory made) {
        for (uint256 i = 0; i < members.length; ++i) {
            made = string.concat(made, i == 0 ? "" : ",", '"', vm.toString(members[i]), '"');
        }
        made = string.concat("[", made, "]");
    }
}
