// Pictures for the tests of logos: drawn with sharp or put together by hand, and looked at as they are served.
import assert from 'node:assert/strict'
import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { Answer } from './api.ts'
import { asObject, integrationsPath, textOf, type V2 } from './v2.ts'

export const notAnImage = {
  logo: ['Upload a valid image. The file you uploaded was either not an image or a corrupted image.'],
}

export const at = (id: string) => `${integrationsPath}${id}/`

/** One colour all over; another `seed` makes another picture. */
export function plain(seed = 0, size: { width: number; height: number } = { width: 8, height: 6 }): Sharp {
  return sharp({
    create: { ...size, channels: 3, background: { r: seed & 255, g: (seed >> 8) & 255, b: 128 } },
    limitInputPixels: false,
  })
}

/** A picture that hardly compresses. */
export function noise(width: number, height: number): Sharp {
  const bytes = Buffer.alloc(width * height * 3)
  let state = 1
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[at] = state >>> 24
  }
  return sharp(bytes, { raw: { width, height, channels: 3 } })
}

/** The first frame red, the others in blues. */
export async function animated(format: 'gif' | 'webp', frames = 3): Promise<Buffer> {
  const { width, height } = { width: 8, height: 6 }
  const bytes = Buffer.alloc(width * height * frames * 3)
  const frameBytes = width * height * 3
  for (let at = 0; at < bytes.length; at += 3) {
    if (at < frameBytes) bytes[at] = 255
    else bytes[at + 2] = 255 - 60 * Math.floor(at / frameBytes)
  }
  const input = { raw: { width, height: height * frames, channels: 3 as const, pageHeight: height } }
  const image = sharp(bytes, input)
  return await (format === 'gif' ? image.gif() : image.webp({ lossless: true })).toBuffer()
}

/** A JPEG that is sound but for its last scan, which comes again and again. */
export async function progressive(size: { width: number; height: number }, scans: number): Promise<Buffer> {
  const bytes = await plain(1, size).jpeg({ progressive: true }).toBuffer()
  const last = bytes.subarray(bytes.lastIndexOf(Buffer.from([0xff, 0xda])), -2)
  return Buffer.concat([
    bytes.subarray(0, -2),
    ...Array.from({ length: scans }, () => last),
    bytes.subarray(-2),
  ])
}

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex')

export function chunk(type: string, data: Uint8Array = Buffer.alloc(0), wrongCrc?: true): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(data.length)
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(wrongCrc ? (crc32(body) ^ 1) >>> 0 : crc32(body))
  return Buffer.concat([head, body, tail])
}

/** A grey PNG of a bit a pixel, of that size by its header, with the chunks given in front of its pixels. */
export function handMadePng(
  width: number,
  height: number,
  given: { chunks?: readonly Buffer[]; pixels?: Buffer } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([1, 0, 0, 0, 0], 8)
  const pixels = given.pixels ?? deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))
  return Buffer.concat([
    pngSignature,
    chunk('IHDR', header),
    ...(given.chunks ?? []),
    chunk('IDAT', pixels),
    chunk('IEND'),
  ])
}

/** The address that an integration shows for its logo. */
export function logoOf({ status, body, text }: Answer): string {
  assert.ok(status === 200 || status === 201, `${status} ${text.slice(0, 300)}`)
  return textOf(asObject(body).logo)
}

/** The path of a shown address. */
export const pathOf = (shown: string) => new URL(shown).pathname

export type Served = { readonly status: number; readonly headers: Headers; readonly bytes: Buffer }

/** What anybody gets for a logo's address, without a key. */
export async function serve(
  { api }: Pick<V2, 'api'>,
  shown: string,
  headers: Record<string, string> = {},
): Promise<Served> {
  const response = await fetch(`${api.address}${pathOf(shown)}`, { headers })
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

/** The rows of pictures that are kept: of one account, or of all. */
export async function keptNames({ api }: Pick<V2, 'api'>, accountId?: number): Promise<string[]> {
  let query = api.db.selectFrom('logos').select('name')
  if (accountId !== undefined) query = query.where('account_id', '=', accountId)
  return (await query.execute()).map(({ name }) => name)
}
