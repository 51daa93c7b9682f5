// The npm package ipld-hashmap as a peer of our IPLD HashMap.
//   node hashmap.mjs read CAR            prints "root CID", then one line "KEY VALUE" (hex; the value as dag-cbor) an entry
//   node hashmap.mjs write STEPS CAR     STEPS: lines "bitWidth bucketSize", then "+ KEY VALUE" or "- KEY"; prints "root CID"
import { createReadStream, createWriteStream, readFileSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { CarReader, CarWriter } from '@ipld/car'
import * as blockCodec from '@ipld/dag-cbor'
import { create, load } from 'ipld-hashmap'
import { sha256 as blockHasher } from 'multiformats/hashes/sha2'

const hex = (bytes) => Buffer.from(bytes).toString('hex')
const unhex = (text) => new Uint8Array(Buffer.from(text, 'hex'))
const blocks = new Map()
const store = {
  get: (cid) => blocks.get(cid.toString()).bytes,
  put: (cid, bytes) => { blocks.set(cid.toString(), { cid, bytes }) }
}

async function read (carFile) {
  const car = await CarReader.fromIterable(createReadStream(carFile))
  for await (const { cid, bytes } of car.blocks()) store.put(cid, bytes)
  const [root] = await car.getRoots()
  const map = await load(store, root, { blockCodec, blockHasher })
  console.log(`root ${map.cid}`)
  for await (const [key, value] of map.entriesRaw()) console.log(`${hex(key)} ${hex(blockCodec.encode(value))}`)
}

async function write (stepsFile, carFile) {
  const [shape, ...steps] = readFileSync(stepsFile, 'utf8').trim().split('\n')
  const [bitWidth, bucketSize] = shape.split(' ').map(Number)
  const map = await create(store, { blockCodec, blockHasher, bitWidth, bucketSize })
  for (const step of steps) {
    const [sign, key, value] = step.split(' ')
    if (sign === '+') await map.set(unhex(key), blockCodec.decode(unhex(value)))
    else await map.delete(unhex(key))
  }
  const { writer, out } = CarWriter.create([map.cid])
  const written = pipeline(Readable.from(out), createWriteStream(carFile))
  for await (const cid of map.cids()) await writer.put(blocks.get(cid.toString()))
  await writer.close()
  await written
  console.log(`root ${map.cid}`)
}

const [command, ...files] = process.argv.slice(2)
await { read, write }[command](...files)
