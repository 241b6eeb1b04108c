// The master key: where it comes from, what it looks like, and when it is refused.
import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

export type MasterKey = {
  readonly key: KeyObject
  /** Tells keys apart without telling anything about them. */
  readonly fingerprint: string
  /** Where it was found, for messages. */
  readonly from: string
}

/** The store stays shut. The message says which key is needed and where it was looked for. */
export class MasterKeyRefused extends Error {
  override readonly name = 'MasterKeyRefused'
}

const keyBytes = 32

export function newMasterKey(from: string): MasterKey {
  return fromBytes(randomBytes(keyBytes), from)
}

/** @param text 32 bytes in base64 or hex */
export function parseMasterKey(text: string, from: string): MasterKey {
  const trimmed = text.trim()
  const bytes = /^[0-9a-fA-F]{64}$/.test(trimmed) ? Buffer.from(trimmed, 'hex') : canonicalBase64(trimmed)
  if (bytes?.length !== keyBytes) {
    throw new MasterKeyRefused(
      `${from} does not hold 32 bytes in base64 or hex. Make one with: openssl rand -base64 32`,
    )
  }
  if (bytes.every((byte) => byte === 0)) throw new MasterKeyRefused(`${from} holds nothing but zeros.`)
  return fromBytes(bytes, from)
}

/** Reads a key file, which nobody but its owner may read and which must not lie beside the data. */
export function readMasterKeyFile(file: string, dataDir: string): MasterKey | undefined {
  if (isInside(realPath(dataDir), realPath(file))) {
    throw new MasterKeyRefused(
      `The key file ${file} lies in the data folder: whoever copies the data would have the key too. Move it out.`,
    )
  }
  if (!existsSync(file)) return undefined
  const mode = statSync(file).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new MasterKeyRefused(
      `The key file ${file} can be read by others (mode ${mode.toString(8)}). Run: chmod 600 ${file}`,
    )
  }
  return parseMasterKey(readFileSync(file, 'utf8'), `the key file ${file}`)
}

/** Writes a key where none is yet, whole or not at all, for its owner alone, and sees it onto the disk. */
export function writeMasterKeyFile(file: string, { key }: MasterKey): void {
  const folder = dirname(file)
  const unfinished = `${file}.${process.pid}.new`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const handle = openSync(unfinished, 'wx', 0o600)
    writeSync(handle, `${key.export().toString('base64')}\n`)
    fsyncSync(handle)
    closeSync(handle)
    linkSync(unfinished, file)
    unlinkSync(unfinished)
    // The name has to survive a power cut too, and so do folders that were just made.
    for (const path of [folder, dirname(folder), dirname(dirname(folder))]) syncFolder(path)
  } catch (error) {
    throw new MasterKeyRefused(
      `The key file ${file} cannot be written (${String(error)}). Name another with MORTISE_MASTER_KEY_FILE, or give a key in MORTISE_MASTER_KEY.`,
    )
  }
}

/** For a key that nothing was sealed with. */
export function removeMasterKeyFile(file: string): void {
  unlinkSync(file)
}

function syncFolder(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

/** Without symbolic links, as far as the path exists. */
function realPath(path: string): string {
  const full = resolve(path)
  if (existsSync(full)) return realpathSync(full)
  const parent = dirname(full)
  return parent === full ? full : join(realPath(parent), basename(full))
}

function fromBytes(bytes: Buffer, from: string): MasterKey {
  const digest = createHmac('sha256', bytes).update('mortise master key fingerprint').digest('hex')
  const fingerprint = digest.slice(0, 16).replace(/(....)(?=.)/g, '$1-')
  return { key: createSecretKey(bytes), fingerprint, from }
}

function canonicalBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
