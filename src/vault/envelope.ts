// How a value is sealed: AES-256-GCM into `v1.<keyId>.<iv>.<ciphertext>.<tag>`, bound to its place.
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16

/** The envelope is damaged, was moved to another place, or belongs to another key. */
export class EnvelopeRefused extends Error {
  override readonly name = 'EnvelopeRefused'
}

/**
 * @param keyId names the key in the envelope; letters, digits, `_` and `-`
 * @param place what the value is bound to: it opens only where the same parts are named in the same order
 */
export function seal(key: KeyObject, keyId: string, plaintext: Buffer, place: readonly string[]): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes })
  cipher.setAAD(associatedData([...place, keyId]))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return [
    'v1',
    keyId,
    ...[iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url')),
  ].join('.')
}

/** Which key an envelope asks for. */
export function keyIdOf(envelope: string): string | undefined {
  const [version, keyId] = envelope.split('.', 2)
  return version === 'v1' ? keyId : undefined
}

/** @throws EnvelopeRefused, whatever the reason: it says no more than that */
export function open(key: KeyObject, envelope: string, place: readonly string[]): Buffer {
  const parts = envelope.split('.')
  const [version, keyId, ...binary] = parts
  const [iv, ciphertext, tag] = binary.map(canonicalBase64url)
  if (parts.length !== 5 || version !== 'v1' || !keyId || !iv || !ciphertext || !tag) throw refused()
  if (iv.length !== ivBytes || tag.length !== tagBytes) throw refused()
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes })
  decipher.setAAD(associatedData([...place, keyId]))
  decipher.setAuthTag(tag)
  try {
    const plaintext = decipher.update(ciphertext)
    // Gives nothing more; it judges the tag.
    decipher.final()
    return plaintext
  } catch {
    throw refused()
  }
}

/** Each part with its length in front, so that no two lists of parts give the same bytes. */
function associatedData(place: readonly string[]): Buffer {
  const parts = ['mortise.v1', ...place]
  const data = Buffer.alloc(parts.reduce((bytes, part) => bytes + 4 + Buffer.byteLength(part), 0))
  let at = 0
  for (const part of parts) {
    const length = data.write(part, at + 4, 'utf8')
    data.writeUInt32BE(length, at)
    at += 4 + length
  }
  return data
}

function canonicalBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

function refused(): EnvelopeRefused {
  return new EnvelopeRefused('A sealed value could not be opened.')
}
