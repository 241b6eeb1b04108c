// What opens a slot: a key, a recovery code or a passphrase, each as 32 bytes that are always the same.
import { createHash, createHmac, hkdfSync, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import type { MasterKey } from './master-key.ts'
import { readRecoveryCode } from './recovery-code.ts'
import type { Secret } from './secret.ts'

export const slotKinds = ['key', 'recovery', 'passphrase'] as const
export type SlotKind = (typeof slotKinds)[number]

/** What a slot keeps to get the same 32 bytes again: never anything secret. */
export type SlotParameters = Readonly<Record<string, string | number>>

/**
 * A way to open a slot. A key service would be another one: its `parameters` would hold the seed as the service
 * has wrapped it, and `seed` would ask the service to unwrap it.
 */
export interface SlotSecret {
  readonly kind: SlotKind
  /** Where it was found, for messages. */
  readonly from: string
  parameters(): Promise<SlotParameters>
  seed(parameters: SlotParameters): Promise<Buffer>
  /** Tells people which secret a slot is for; the same for the same secret and parameters. */
  fingerprint(seed: Buffer): string
}

export function keySecret({ key, fingerprint, from }: MasterKey): SlotSecret {
  return {
    kind: 'key',
    from,
    parameters: async () => ({ salt: newSalt() }),
    seed: async ({ salt }) => derived(key.export(), salt, 'key'),
    // A key is long: the same name wherever it is used tells nothing about it.
    fingerprint: () => fingerprint,
  }
}

/** @throws RecoveryCodeRefused */
export function recoverySecret(code: string): SlotSecret {
  const bytes = readRecoveryCode(code)
  return {
    kind: 'recovery',
    from: 'the recovery code',
    parameters: async () => ({ salt: newSalt() }),
    seed: async ({ salt }) => derived(bytes, salt, 'recovery'),
    fingerprint: fingerprintOf,
  }
}

/** 128 MiB and about half a second for each guess. */
const scryptCost = { N: 2 ** 17, r: 8, p: 1 }

export function passphraseSecret(passphrase: Secret, from: string): SlotSecret {
  const text = passphrase.reveal().normalize('NFKC')
  return {
    kind: 'passphrase',
    from,
    parameters: async () => ({ salt: newSalt(), ...scryptCost }),
    async seed({ salt, N, r, p }) {
      const cost = { N: Number(N), r: Number(r), p: Number(p) }
      // Twice what it needs; the row that says how much could have been written by anybody.
      const maxmem = 2 ** 28
      return (await scryptAsync(text, String(salt), 32, { ...cost, maxmem })) as Buffer
    },
    fingerprint: fingerprintOf,
  }
}

const scryptAsync = promisify(
  (
    text: string,
    salt: string,
    bytes: number,
    options: object,
    done: (error: Error | null, key: Buffer) => void,
  ) => scrypt(text, salt, bytes, options, done),
)

function derived(secret: Buffer, salt: string | number | undefined, kind: SlotKind): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, String(salt), `mortise.v1 slot ${kind}`, 32))
}

function newSalt(): string {
  return randomBytes(16).toString('base64url')
}

/** Of the seed, which takes as long to guess as the secret itself. */
function fingerprintOf(seed: Buffer): string {
  const digest = createHmac('sha256', createHash('sha256').update(seed).digest())
    .update('mortise slot fingerprint')
    .digest('hex')
  return digest.slice(0, 16).replace(/(....)(?=.)/g, '$1-')
}
