// Runs `npm ci` when node_modules is not what package-lock.json says, and does nothing when it is.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const mark = join(root, "node_modules", ".dvault-lock");
const wanted = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");

if (!existsSync(mark) || readFileSync(mark, "utf8") !== wanted) {
  const windows = process.platform === "win32";
  const args = ["ci", "--no-fund", "--no-audit", "--loglevel=error"];
  const { status, error } = spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: windows });
  if (status !== 0) {
    console.error(`npm ci failed in contracts/${error ? `: ${error.message}` : ""}`);
    console.error("It needs npm on PATH (it comes with Node 20 or newer) and a reachable package registry.");
    process.exit(1);
  }
  // npm passes over an optional package that it could not fetch
  const arch = { x64: "amd64", arm64: "arm64" }[process.arch];
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const name of Object.keys(optionalDependencies)) {
    if (name.endsWith(`-${process.platform}-${arch}`) && !existsSync(join(root, "node_modules", name))) {
      console.error(`npm ci did not bring ${name}: is the package registry complete and reachable?`);
      process.exit(1);
    }
  }
  writeFileSync(mark, wanted); // last, so that an interrupted install is done again
}
