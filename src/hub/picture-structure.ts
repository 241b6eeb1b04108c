// Whether a picture is built to cost much: judged from its parts, before anything is decoded.
import { inflateSync } from 'node:zlib'
import type { PictureFormat } from './logo.ts'

/** Real ones have a few hundred at most: writers cut the picture into parts of some kilobytes. */
const chunksMax = 2_000
/** Colour profiles and texts that unpack to more in all are made to. */
const unpackedBytesMax = 1_048_576
/** Texts and profiles that are packed: each costs a little to unpack, however small it is. */
const packedMax = 100
/** Progressive pictures have about ten. */
const scansMax = 100

/** @param bytes which begin as the format does */
export function isCostly(bytes: Buffer, format: PictureFormat): boolean {
  if (format === 'png') return isCostlyPng(bytes)
  return format === 'jpeg' && scansOf(bytes) > scansMax
}

function isCostlyPng(bytes: Buffer): boolean {
  let chunks = 0
  let packed = 0
  let bytesLeft = unpackedBytesMax
  for (let at = 8; at + 12 <= bytes.length; chunks++) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (packedTypes.has(type) && ++packed > packedMax) return true
    bytesLeft -= unpackedBytes(type, data, bytesLeft)
    if (chunks >= chunksMax || bytesLeft <= 0) return true
    at += 12 + length
  }
  return false
}

const packedTypes: ReadonlySet<string> = new Set(['zTXt', 'iCCP', 'iTXt'])

/** `zTXt` and `iCCP` hold a name, a zero, the method and what is packed; `iTXt` two more names in between. */
function unpackedBytes(type: string, data: Buffer, bytesMax: number): number {
  if (!packedTypes.has(type)) return 0
  let start = data.indexOf(0) + 2
  if (type === 'iTXt') {
    if (data[start - 1] !== 1) return 0
    start = data.indexOf(0, data.indexOf(0, start + 1) + 1) + 1
  }
  try {
    return inflateSync(data.subarray(start), { maxOutputLength: bytesMax }).length
  } catch (error) {
    // What is not packed at all is left to the decoder's judgement.
    return error instanceof RangeError ? bytesMax : 0
  }
}

/** In packed data 0xFF is always followed by 0 or a restart: a scan's mark cannot be mistaken. */
function scansOf(bytes: Buffer): number {
  let scans = 0
  for (let at = bytes.indexOf('\xff\xda', 0, 'latin1'); at >= 0 && scans <= scansMax; scans++) {
    at = bytes.indexOf('\xff\xda', at + 2, 'latin1')
  }
  return scans
}
