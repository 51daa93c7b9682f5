// Opens an encrypted public part with Node's own crypto, from the words of schemas/spec/registry.md alone.
//   node public-part.mjs FORM SALT ENTRY GENERATION PUBLIC      FORM is facts or part; ids and bytes in hex; prints the plaintext in hex
import { createDecipheriv, createHmac, hkdfSync } from 'node:crypto'

const [form, salt, entry, generation, encrypted] = process.argv.slice(2)
const unhex = (text) => Buffer.from(text, 'hex')
const gen = Buffer.alloc(8)
gen.writeBigUInt64BE(BigInt(generation))
const info = Buffer.concat([Buffer.from(`dvault.io/v1 public ${form}\0`), unhex(entry), gen])
const keys = Buffer.from(hkdfSync('sha256', unhex(salt), Buffer.alloc(32), info, 64))
const bytes = unhex(encrypted)
const nonce = bytes.subarray(0, 12)
const open = createDecipheriv('chacha20-poly1305', keys.subarray(0, 32), nonce, { authTagLength: 16 })
open.setAuthTag(bytes.subarray(-16))
const plain = Buffer.concat([open.update(bytes.subarray(12, -16)), open.final()])
const again = createHmac('sha256', keys.subarray(32)).update(plain).digest().subarray(0, 12)
if (!again.equals(nonce)) throw new Error('nonce is not that of the plaintext')
console.log(plain.toString('hex'))
