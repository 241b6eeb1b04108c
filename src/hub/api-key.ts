// What an API key is, and how its text is made, told from a mistyped one, and kept: as a digest alone.
import { hash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Scope } from './caller.ts'
import type { ProxyRule } from './proxy-rule.ts'
import type { Timestamp } from './timestamp.ts'

export type ApiKey = {
  uid: string
  accountId: number
  /** SHA-256 of the key's text, hex. */
  digest: string
  prefix: string
  lastFour: string
  name: string
  scopes: readonly Scope[]
  integrationUid: string | null
  /** The addresses and ranges it may be used from; null for any. */
  addresses: readonly string[] | null
  /** What it may ask of providers; null for anything. */
  proxy: readonly ProxyRule[] | null
  createdAt: Timestamp
  expiresAt: Timestamp | null
  /** When it was revoked, or is going to be: a key that was rolled still works for a while. */
  revokedAt: Timestamp | null
  lastUsedAt: Timestamp | null
}

/** With today's public id of the integration it is bound to, unless that is gone. */
export type NamedApiKey = ApiKey & { integrationId: string | null }

export const keyStates = ['active', 'revoked', 'expired'] as const
export type KeyState = (typeof keyStates)[number]

/** As it is at one moment. */
export type ApiKeyNow = NamedApiKey & { state: KeyState }

export function stateOf({ revokedAt, expiresAt }: ApiKey, at: Timestamp): KeyState {
  if (revokedAt !== null && revokedAt <= at) return 'revoked'
  return expiresAt !== null && expiresAt <= at ? 'expired' : 'active'
}

/** When it stops working, whatever the reason; null for never. */
export function endOf({ revokedAt, expiresAt }: ApiKey): Timestamp | null {
  if (revokedAt === null || expiresAt === null) return revokedAt ?? expiresAt
  return revokedAt < expiresAt ? revokedAt : expiresAt
}

/** How long a key that was rolled still works, where nothing is said, and at most: a week. */
export const graceSecondsDefault = 3_600
export const graceSecondsMax = 604_800

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const mark = 'mrt_'
/** 43 of 62 characters hold 256 random bits. */
const randomLength = 43
const checksumLength = 6

/** `mrt_`, 43 random characters, and the CRC-32 of those in 6: scanners can tell a real one without asking. */
export function newKeyText(): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${mark}${random}${checksum(random)}`
}

/** Whether a text can be a key at all; imported keys have any shape, ours have a checksum. */
export function mayBeKey(text: string): boolean {
  if (!/^[\x21-\x7e]{1,255}$/.test(text)) return false
  if (!text.startsWith(mark)) return true
  const rest = text.slice(mark.length)
  const random = rest.slice(0, randomLength)
  return rest.length === randomLength + checksumLength && rest.endsWith(checksum(random))
}

export function digestOf(text: string): string {
  return hash('sha256', text, 'hex')
}

/** What may be shown of a key, to tell it from others. Of a short imported key that is nothing. */
export function hintsOf(text: string): { prefix: string; lastFour: string } {
  if (text.length < 16) return { prefix: '', lastFour: '' }
  return { prefix: text.slice(0, 8), lastFour: text.slice(-4) }
}

function checksum(random: string): string {
  let rest = crc32(random)
  let digits = ''
  for (let place = 0; place < checksumLength; place++) {
    digits = `${alphabet[rest % alphabet.length]}${digits}`
    rest = Math.floor(rest / alphabet.length)
  }
  return digits
}
