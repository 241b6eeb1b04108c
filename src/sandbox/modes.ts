// Which mode a credential chooses: its ending says so, and everything else is refused like an unknown key.
import { createHash } from 'node:crypto'
import type { Mode, Sample } from './stand-in.ts'

/** "invalid" ends like a valid one, and is not meant to be one. */
const ending = /(?:(?<!in)(valid)|(rejected|forbidden|ratelimited|slow|down|html))$/i

/** @returns the mode, and the credential without its ending */
export function modeOf(credential: string, alsoValid: readonly string[] = []): { mode: Mode; stem: string } {
  if (alsoValid.includes(credential)) return { mode: 'valid', stem: credential }
  const [whole = ''] = ending.exec(credential) ?? []
  const mode = whole.toLowerCase() as Mode | ''
  return {
    mode: mode === '' ? 'rejected' : mode,
    stem: credential.slice(0, credential.length - whole.length),
  }
}

/** Digits that are always the same for one text, for ids of accounts. */
export function digitsOf(text: string, length: number): string {
  const hash = createHash('sha256').update(text).digest()
  const least = 10n ** BigInt(length - 1)
  return String((hash.readBigUInt64BE() % (9n * least)) + least)
}

/** The same, of hexadecimal digits. */
export function hexOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length)
}

/**
 * The secret that belongs to a public part, where the secret itself is never sent: the beginning of the SHA-256 of
 * `mortise sandbox <public part>`, in base64 or in hexadecimal.
 */
export function derivedSecret(publicPart: string, encoding: 'base64' | 'hex'): string {
  return createHash('sha256').update(`mortise sandbox ${publicPart}`).digest(encoding).slice(0, 40)
}

/** A case for each mode, made by one rule. */
export function samplesOf(
  make: (mode: Mode) => Readonly<Record<string, string>>,
  others: Readonly<Partial<Record<Mode, Sample>>> = {},
): Record<Mode, Sample> {
  return {
    valid: { fields: make('valid') },
    rejected: { fields: make('rejected') },
    forbidden: { fields: make('forbidden') },
    ratelimited: { fields: make('ratelimited') },
    slow: { fields: make('slow') },
    down: { fields: make('down') },
    html: { fields: make('html') },
    ...others,
  }
}
