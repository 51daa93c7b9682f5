// Runs forge's own binary in contracts/ with the arguments given. (The npm package @foundry-rs/forge brings a wrapper
// that ends with 0 whatever forge ended with: a failed test would pass. So it is not used.)
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const arch = { x64: "amd64", arm64: "arm64" }[process.arch];
const name = process.platform === "win32" ? "forge.exe" : "forge";

function binary() {
  try {
    const require = createRequire(import.meta.url);
    return require.resolve(`@foundry-rs/forge-${process.platform}-${arch}/bin/${name}`);
  } catch {
    return name; // no package for this platform: the one on PATH, or spawn says that there is none
  }
}

const { status, signal, error } = spawnSync(binary(), process.argv.slice(2), { cwd: root, stdio: "inherit" });
if (error || signal) {
  console.error(`forge did not run to its end: ${error?.message ?? signal}`);
}
process.exit(status ?? 1);
