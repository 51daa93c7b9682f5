// Runs `npm ci` when node_modules is missing, unfinished, or older than the lock file. Maven calls this before tests.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const written = (file) => statSync(`${here}/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0

// npm writes this file last, so that an install which was killed does not count.
if (written('node_modules/.package-lock.json') < written('package-lock.json')) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status, error } = spawnSync(npm, ['ci'], { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' })
  if (error) console.error(`cannot run npm: ${error.message}. Install Node 20 or newer.`)
  process.exit(status ?? 1)
}
