#!/usr/bin/env node
// Speaks as much of solc's command line as forge needs, with the pinned compiler from npm: so forge and build.mjs
// compile with the same bytes, on every platform, and nothing is downloaded behind npm's lock file.
import { readFileSync } from "node:fs";
import solc from "solc";

const args = process.argv.slice(2);
if (args.includes("--version")) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (args.includes("--standard-json")) {
  // forge puts every source into the input, so there is nothing to read from disk
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
} else {
  console.error(`solc.mjs knows --version and --standard-json, not: ${args.join(" ")}`);
  process.exitCode = 1;
}
