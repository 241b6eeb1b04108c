// The secrets that deliveries are signed with: made or given, sealed, and opened for one signature.
import { randomBytes } from 'node:crypto'
import type { Db } from '../storage/database.ts'
import { webhookSecretsOf } from '../storage/webhook-secrets.ts'
import { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import { HubError, invalidField } from './errors.ts'
import { later, type Timestamp } from './timestamp.ts'
import { secretOverlapMs } from './webhook.ts'

const mark = 'whsec_'
const bytesMin = 24
const bytesMax = 64

export function newWebhookSecret(): string {
  return `${mark}${randomBytes(32).toString('base64')}`
}

/** @throws HubError invalid */
export function judgeWebhookSecret(text: string): void {
  const encoded = text.slice(mark.length)
  const bytes = Buffer.from(encoded, 'base64')
  const isExact = text.startsWith(mark) && bytes.toString('base64') === encoded
  if (isExact && bytes.length >= bytesMin && bytes.length <= bytesMax) return
  throw invalidField(
    'secret_key',
    `Give ${mark} and ${bytesMin} to ${bytesMax} random bytes in base64, or leave it out to have one made.`,
  )
}

export type WebhookSecrets = ReturnType<typeof webhookSecrets>

export function webhookSecrets({ vault, newUid }: { vault: Vault; newUid(): string }) {
  async function insert(
    db: Db,
    accountId: number,
    webhookUid: string,
    text: string,
    at: Timestamp,
  ): Promise<void> {
    const field = newUid()
    const sealer = await vault.sealerOf(db, accountId)
    const { sealed, keyId } = sealer.seal(webhookSecretPlace(webhookUid, field), new Secret(text))
    const row = { field, sealed, key_id: keyId, created_at: at, expires_at: null }
    await webhookSecretsOf(db, accountId, webhookUid).insert(row)
  }

  return {
    insert,

    /** The one before signs for a while yet. */
    async rotate(db: Db, accountId: number, webhookUid: string, text: string, at: Timestamp): Promise<void> {
      await webhookSecretsOf(db, accountId, webhookUid).expire(later(at, secretOverlapMs))
      await insert(db, accountId, webhookUid, text, at)
    },

    /**
     * Those that sign at a time, the newest first. Of those before it, one that does not open is left out: it
     * may be why there is a newer one.
     * @throws HubError secret_integrity_error
     */
    async open(db: Db, accountId: number, webhookUid: string, at: Timestamp): Promise<Secret[]> {
      const rows = await webhookSecretsOf(db, accountId, webhookUid).list()
      const good = rows
        .filter(({ expires_at }) => expires_at === null || expires_at > at)
        .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1))
      const sealer = await vault.sealerKnowing(
        db,
        accountId,
        good.map(({ sealed }) => sealed),
      )
      return good.flatMap(({ field, sealed }, at) => {
        try {
          return [sealer.open(webhookSecretPlace(webhookUid, field), sealed)]
        } catch (error) {
          if (at === 0 || !isDamage(error)) throw error
          return []
        }
      })
    },
  }
}

/** Whether what was sealed does not open, and never will. */
export function isDamage(error: unknown): boolean {
  return error instanceof HubError && error.code === 'secret_integrity_error'
}

function webhookSecretPlace(webhookUid: string, field: string) {
  return { table: 'webhook_secrets', row: webhookUid, field }
}
