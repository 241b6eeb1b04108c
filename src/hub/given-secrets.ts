// Secrets of slots as people give them, with what is wrong with them in words for people.
import { MasterKeyRefused, parseMasterKey } from '../vault/master-key.ts'
import { newRecoveryCode, RecoveryCodeRefused } from '../vault/recovery-code.ts'
import { Secret } from '../vault/secret.ts'
import {
  keySecret,
  passphraseSecret,
  recoverySecret,
  type SlotKind,
  type SlotSecret,
} from '../vault/slot-secret.ts'
import { invalidField } from './errors.ts'

export type GivenSlotSecret = { readonly kind: SlotKind; readonly text?: string; readonly from?: string }

const passphraseLengthMin = 12

/**
 * @returns the secret, and the text of one that was made here: a recovery code is never chosen
 * @throws HubError invalid
 */
export function newSlotSecret({ kind, text, from }: GivenSlotSecret): { secret: SlotSecret; made?: string } {
  try {
    switch (kind) {
      case 'recovery': {
        if (text !== undefined) return { secret: recoverySecret(text) }
        const made = newRecoveryCode()
        return { secret: recoverySecret(made), made }
      }
      case 'passphrase':
        if (text === undefined || text.length < passphraseLengthMin) {
          throw invalidField(
            'passphrase',
            `A passphrase has at least ${passphraseLengthMin} characters: whoever has a copy of the store can try as many as they like.`,
          )
        }
        return { secret: passphraseSecret(new Secret(text), from ?? 'the passphrase') }
      case 'key':
        return { secret: keySecret(parseMasterKey(text ?? '', from ?? 'the key')) }
    }
  } catch (error) {
    if (error instanceof RecoveryCodeRefused) throw invalidField('code', error.message)
    if (error instanceof MasterKeyRefused) throw invalidField('key', error.message)
    throw error
  }
}
