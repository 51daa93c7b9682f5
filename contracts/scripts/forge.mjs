// Runs forge's own binary in contracts/ with the arguments given. The `forge` that npm links is a wrapper that ends
// with 0 whatever forge ended with: a failed test would pass.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const arch = { x64: "amd64", arm64: "arm64" }[process.arch];
const name = process.platform === "win32" ? "forge.exe" : "forge";
const binary = createRequire(import.meta.url).resolve(`@foundry-rs/forge-${process.platform}-${arch}/bin/${name}`);
const { status, signal, error } = spawnSync(binary, process.argv.slice(2), { cwd: root, stdio: "inherit" });
if (error || signal) {
  console.error(`forge did not run to its end: ${error?.message ?? signal}`);
}
process.exit(status ?? 1);
