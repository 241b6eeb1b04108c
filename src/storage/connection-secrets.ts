// Queries on the sealed secrets of an account's connections, and on what they were before.
import type { PreviousSecret, SecretMask } from '../hub/connection.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'

export type SealedSecret = {
  readonly connectionUid: string
  readonly field: string
  readonly sealed: string
  /** The data key that it needs; null where an earlier version has written it. */
  readonly keyId: string | null
  readonly hint: string | null
  readonly updatedAt: Timestamp
}

/** Shown where a secret is too short to show any of it. */
export const blankHint = '****'

type SecretRow = {
  connection_uid: string
  field: string
  sealed: string
  key_id: string | null
  hint: string | null
  updated_at: Timestamp
}

const rowsOfOne = prepared<{ account: number; uid: string }, SecretRow>((db, value) =>
  rowsOf(db, value('account')).where('connection_uid', '=', value('uid')),
)

export function connectionSecretsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    async list(connectionUids: readonly string[]): Promise<SealedSecret[]> {
      const [uid] = connectionUids
      if (uid === undefined) return []
      const found =
        connectionUids.length === 1
          ? await rowsOfOne(db, { account: accountId, uid })
          : // A whole account is read by its key: a list of ids would outgrow what a statement takes.
            await rowsOf(db, accountId)
              .$if(connectionUids.length <= 100, (query) =>
                query.where('connection_uid', 'in', [...connectionUids]),
              )
              .execute()
      return found.map(secretFrom)
    },

    /** Sets a secret, or replaces it. */
    async set({ connectionUid, field, sealed, keyId, hint, updatedAt }: SealedSecret): Promise<void> {
      const row = { sealed, key_id: keyId, hint, updated_at: updatedAt }
      await db
        .insertInto('connection_secrets')
        .values({ account_id: accountId, connection_uid: connectionUid, field, ...row })
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'connection_uid', 'field']).doUpdateSet(row),
        )
        .execute()
    },

    async remove({ connectionUid, field }: Pick<SealedSecret, 'connectionUid' | 'field'>): Promise<void> {
      await db
        .deleteFrom('connection_secrets')
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .where('field', '=', field)
        .execute()
    },

    /** Keeps what a secret was; what it was before that is gone. */
    async keepPrevious(secret: SealedSecret, replacedAt: Timestamp, expiresAt: Timestamp): Promise<void> {
      const row = {
        sealed: secret.sealed,
        key_id: secret.keyId,
        hint: secret.hint,
        updated_at: secret.updatedAt,
        replaced_at: replacedAt,
        expires_at: expiresAt,
      }
      await db
        .insertInto('previous_secrets')
        .values({
          account_id: accountId,
          connection_uid: secret.connectionUid,
          field: secret.field,
          ...row,
        })
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'connection_uid', 'field']).doUpdateSet(row),
        )
        .execute()
    },

    /** What can still be restored of one connection, by field. */
    async listPrevious(
      connectionUid: string,
      now: Timestamp,
    ): Promise<Map<string, { secret: SealedSecret; shown: PreviousSecret }>> {
      const found = await db
        .selectFrom('previous_secrets')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .where('expires_at', '>', now)
        .orderBy('field')
        .execute()
      return new Map(
        found.map((row) => {
          const secret = secretFrom(row)
          const { replaced_at: replacedAt, expires_at: expiresAt } = row
          return [row.field, { secret, shown: { ...maskOf(secret), replacedAt, expiresAt } }]
        }),
      )
    },

    async forgetPrevious(connectionUid: string): Promise<void> {
      await db
        .deleteFrom('previous_secrets')
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .execute()
    },

    async removePrevious({ connectionUid, field }: Pick<SealedSecret, 'connectionUid' | 'field'>) {
      await db
        .deleteFrom('previous_secrets')
        .where('account_id', '=', accountId)
        .where('connection_uid', '=', connectionUid)
        .where('field', '=', field)
        .execute()
    },
  }
}

/** Removes earlier secrets whose time is over. @returns how many, at most `limit` */
export async function sweepPreviousSecrets(db: Db, now: Timestamp, limit: number): Promise<number> {
  const expired = await within(db, 'all accounts')
    .selectFrom('previous_secrets')
    .select(['account_id', 'connection_uid', 'field'])
    .where('expires_at', '<=', now)
    .limit(limit)
    .execute()
  for (const { account_id, connection_uid, field } of expired) {
    await connectionSecretsOf(db, account_id).removePrevious({ connectionUid: connection_uid, field })
  }
  return expired.length
}

export function maskOf({ hint, updatedAt }: Pick<SealedSecret, 'hint' | 'updatedAt'>): SecretMask {
  return { hint: hint ?? blankHint, updatedAt }
}

function rowsOf(db: Db, accountId: number) {
  return db
    .selectFrom('connection_secrets')
    .select(['connection_uid', 'field', 'sealed', 'key_id', 'hint', 'updated_at'])
    .where('account_id', '=', accountId)
}

function secretFrom(row: SecretRow): SealedSecret {
  return {
    connectionUid: row.connection_uid,
    field: row.field,
    sealed: row.sealed,
    keyId: row.key_id,
    hint: row.hint,
    updatedAt: row.updated_at,
  }
}
