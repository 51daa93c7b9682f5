// The age implementation on npm, and the age project's vectors, as Java's tests need them:
//   age.mjs seal RECIPIENT IN OUT | open IDENTITY_FILE IN OUT | vectors FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const [command, ...args] = process.argv.slice(2)

async function seal(recipient, input, output) {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  writeFileSync(output, await encrypter.encrypt(readFileSync(input)))
}

async function open(identityFile, input, output) {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  const lines = readFileSync(identityFile, 'ascii').split('\n')
  lines.filter((line) => line && !line.startsWith('#')).forEach((line) => decrypter.addIdentity(line))
  writeFileSync(output, await decrypter.decrypt(readFileSync(input)))
}

async function vectors(folder) {
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(await import('cctv-age'))) writeFileSync(`${folder}/${name}`, bytes)
}

const commands = { seal, open, vectors }
if (!commands[command]) throw new Error(`unknown command ${command}`)
await commands[command](...args)
