// A box: sealed for whoever has a private key, by whoever knows the public one and the anchor.
import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { EnvelopeRefused, open, seal } from './envelope.ts'

/** In front of the 32 bytes of an X25519 private key, PKCS #8 in DER has these. */
const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** @param seed 32 random bytes */
export function privateKeyFrom(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

/** @returns 32 bytes in base64url */
export function publicTextOf(privateKey: KeyObject): string {
  return rawOf(createPublicKey(privateKey))
}

export type BoxPlace = {
  /** Names what is in it; letters, digits, `_` and `-`. */
  readonly keyId: string
  readonly place: readonly string[]
}

/**
 * As HPKE does with a key that both have: a new key pair for each box, X25519, and HKDF over what the two agree
 * on and the anchor. Who does not know the anchor can make no box that opens.
 */
export function putIntoBox(
  publicText: string,
  anchor: KeyObject,
  content: Buffer,
  { keyId, place }: BoxPlace,
): string {
  const own = generateKeyPairSync('x25519')
  const ownText = rawOf(own.publicKey)
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: publicText },
    format: 'jwk',
  })
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey })
  return `${ownText}~${seal(boxKey(shared, anchor, ownText, publicText), keyId, content, place)}`
}

/** @throws EnvelopeRefused, whatever the reason */
export function takeFromBox(
  privateKey: KeyObject,
  anchor: KeyObject,
  box: string,
  place: readonly string[],
): Buffer {
  const [otherText = '', sealed = ''] = box.split('~')
  let shared: Buffer
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: otherText }, format: 'jwk' })
    shared = diffieHellman({ privateKey, publicKey })
  } catch {
    throw new EnvelopeRefused('A box could not be opened.')
  }
  return open(boxKey(shared, anchor, otherText, publicTextOf(privateKey)), sealed, place)
}

function boxKey(shared: Buffer, anchor: KeyObject, sender: string, receiver: string): KeyObject {
  const agreed = Buffer.concat([shared, anchor.export()])
  const salt = Buffer.from(`${sender}.${receiver}`)
  return createSecretKey(Buffer.from(hkdfSync('sha256', agreed, salt, 'mortise.v1 box', 32)))
}

function rawOf(publicKey: KeyObject): string {
  const { x } = publicKey.export({ format: 'jwk' })
  if (x === undefined) throw new Error('This is no public key of X25519.')
  return x
}
