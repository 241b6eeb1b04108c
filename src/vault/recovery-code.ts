// The recovery code: 144 random bits that a person can write down, with a checksum that finds mistakes in them.
import { createHash, randomBytes } from 'node:crypto'
import { base32crockford } from '@scure/base'

const secretBytes = 18
const checksumBytes = 2

/** What is wrong with a code, for the person who typed it; the code is not repeated. */
export class RecoveryCodeRefused extends Error {
  override readonly name = 'RecoveryCodeRefused'
}

/** @returns eight groups of four letters and digits, none of which look alike */
export function newRecoveryCode(): string {
  const secret = randomBytes(secretBytes)
  const text = base32crockford.encode(Buffer.concat([secret, checksumOf(secret)]))
  return text.replace(/(....)(?=.)/g, '$1-')
}

/**
 * Reads a code as people type it: in lower case, with spaces, with O for 0, I and L for 1.
 * @throws RecoveryCodeRefused
 */
export function readRecoveryCode(text: string): Buffer {
  const bare = text.replace(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  const length = ((secretBytes + checksumBytes) * 8) / 5
  if (bare.length !== length) {
    throw new RecoveryCodeRefused(
      `A recovery code has ${length} letters and digits; this has ${bare.length}. Type it as it was shown: XXXX-XXXX-…`,
    )
  }
  if (!/^[0-9A-HJKMNP-TV-Z]*$/.test(bare)) {
    throw new RecoveryCodeRefused(
      'A recovery code has letters and digits alone, and no U. Type it as it was shown.',
    )
  }
  const bytes = Buffer.from(base32crockford.decode(bare))
  const secret = bytes.subarray(0, secretBytes)
  if (!checksumOf(secret).equals(bytes.subarray(secretBytes))) {
    throw new RecoveryCodeRefused(
      'At least one character of this recovery code is wrong. Compare it with what was shown.',
    )
  }
  return secret
}

function checksumOf(secret: Buffer): Buffer {
  return createHash('sha256')
    .update('mortise recovery code')
    .update(secret)
    .digest()
    .subarray(0, checksumBytes)
}
