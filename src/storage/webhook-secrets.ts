// Queries on the sealed secrets that webhooks sign with: one, and for a while those before it.
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'

export type WebhookSecretRow = {
  /** Names the secret among those of its webhook; the sealed value is bound to it. */
  readonly field: string
  readonly sealed: string
  readonly key_id: string | null
  readonly created_at: Timestamp
  /** Null for the one of today. */
  readonly expires_at: Timestamp | null
}

const rowsOf = prepared<{ account: number; uid: string }, WebhookSecretRow>((db, value) =>
  db
    .selectFrom('webhook_secrets')
    .select(['field', 'sealed', 'key_id', 'created_at', 'expires_at'])
    .where('account_id', '=', value('account'))
    .where('webhook_uid', '=', value('uid')),
)

export function webhookSecretsOf(store: Db, accountId: number, webhookUid: string) {
  const db = within(store, accountId)
  return {
    list: (): Promise<WebhookSecretRow[]> => rowsOf(db, { account: accountId, uid: webhookUid }),

    async insert(row: WebhookSecretRow): Promise<void> {
      await db
        .insertInto('webhook_secrets')
        .values({ account_id: accountId, webhook_uid: webhookUid, ...row })
        .execute()
    },

    /** Those of today end then. */
    async expire(at: Timestamp): Promise<void> {
      await db
        .updateTable('webhook_secrets')
        .set({ expires_at: at })
        .where('account_id', '=', accountId)
        .where('webhook_uid', '=', webhookUid)
        .where('expires_at', 'is', null)
        .execute()
    },
  }
}

/** Removes some secrets whose time is over. @returns how many, at most `limit` */
export async function sweepWebhookSecrets(db: Db, now: Timestamp, limit: number): Promise<number> {
  const expired = await within(db, 'all accounts')
    .selectFrom('webhook_secrets')
    .select(['account_id', 'webhook_uid', 'field'])
    .where('expires_at', '<=', now)
    .limit(limit)
    .execute()
  for (const { account_id, webhook_uid, field } of expired) {
    await within(db, account_id)
      .deleteFrom('webhook_secrets')
      .where('account_id', '=', account_id)
      .where('webhook_uid', '=', webhook_uid)
      .where('field', '=', field)
      .execute()
  }
  return expired.length
}
