// Compiles the contract and writes the three committed files below; with --check [FOLDER], fails where they differ.
//   DVault.abi.json      the ABI
//   DVault.bin           creation code, hex
//   DVault.runtime.json  deployed code with zeros for immutables, and where those are: whoever has a node's
//                        eth_getCode masks the same ranges and compares (docs/requirements.md O12)
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const [check, folder] = [process.argv[2] === "--check", process.argv[3]];
const resources = check && folder ? folder : join(root, "src/main/resources/io/dvault/ledger");
const { settings, output } = JSON.parse(readFileSync(join(root, "scripts/compiler.json"), "utf8"));

// Source names are those that forge uses: settings and names both go into the result.
function find(name) {
  const path = join(root, name.startsWith("@") ? "node_modules" : "", name);
  return existsSync(path) ? { contents: readFileSync(path, "utf8") } : { error: `${name} not found` };
}

const input = {
  language: "Solidity",
  sources: { [output.source]: { content: find(output.source).contents } },
  settings: {
    ...settings,
    outputSelection: { [output.source]: { [output.contract]: ["abi", "evm.bytecode.object", "evm.deployedBytecode"] } },
  },
};
const result = JSON.parse(solc.compile(JSON.stringify(input), { import: find }));
for (const { severity, formattedMessage } of result.errors ?? []) {
  console.error(`${severity}: ${formattedMessage}`);
}
if (result.errors?.length) {
  process.exit(1); // warnings too: there are none in a contract that nobody can mend
}

const { abi, evm } = result.contracts[output.source][output.contract];
const immutables = Object.values(evm.deployedBytecode.immutableReferences)
  .flat()
  .sort((a, b) => a.start - b.start);
const runtime = { compiler: solc.version(), settings, code: evm.deployedBytecode.object, immutables };
const files = {
  "DVault.abi.json": JSON.stringify(abi, null, 1) + "\n",
  "DVault.bin": evm.bytecode.object + "\n",
  "DVault.runtime.json": JSON.stringify(runtime, null, 1) + "\n",
};

if (!check) {
  mkdirSync(resources, { recursive: true });
}
let differing = 0;
for (const [name, text] of Object.entries(files)) {
  const path = join(resources, name);
  const same = existsSync(path) && readFileSync(path, "utf8") === text;
  if (check && !same) {
    differing++;
    console.error(`${name} differs from the sources. Run: npm run build (in contracts/) and commit the result.`);
  } else if (!check && !same) {
    writeFileSync(path, text);
  }
}
const bytes = (hex) => hex.length / 2;
const outcome = check ? (differing ? "DIFFER" : "match") : "written";
console.log(
  `${output.contract}: solc ${solc.version()}, ${bytes(runtime.code)} bytes deployed (limit 24576), ` +
    `${bytes(evm.bytecode.object)} bytes creation code; artifacts ${outcome}`,
);
process.exit(differing ? 1 : 0);
