// Queries on an account's webhooks.
import { randomInt } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { JsonText } from '../hub/json-text.ts'
import type { Timestamp } from '../hub/timestamp.ts'
import type { DisabledReason, NamedWebhook, Webhook } from '../hub/webhook.ts'
import { type Db, within } from './database.ts'
import { prepared } from './prepared.ts'
import type { Schema } from './schema.ts'

/** What decides whether a webhook hears of an event. */
export type Listener = Pick<Webhook, 'uid' | 'integrationUid' | 'reach' | 'events' | 'failures'>

export type WebhookHealth = Pick<Webhook, 'disabledAt' | 'disabledReason' | 'failingSince' | 'failures'>

type Row = Omit<Selectable<Schema['webhooks']>, 'account_id'>
type NamedRow = Row & { integration_id: string }

const one = prepared<{ account: number; uid: string }, NamedRow>((db, value) =>
  named(db, value('account')).where('w.uid', '=', value('uid')),
)

type ListenerRow = Pick<Row, 'uid' | 'integration_uid' | 'reach' | 'events' | 'failures'>

const listeners = prepared<{ account: number }, ListenerRow>((db, value) =>
  db
    .selectFrom('webhooks')
    .select(['uid', 'integration_uid', 'reach', 'events', 'failures'])
    .where('account_id', '=', value('account'))
    .where('disabled_at', 'is', null),
)

export function webhooksOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  const rows = (integrationUid: string) =>
    named(db, accountId).where('w.integration_uid', '=', integrationUid)

  return {
    async find(uid: string): Promise<NamedWebhook | undefined> {
      const [row] = await one(db, { account: accountId, uid })
      return row && webhookFrom(row)
    },

    /** Oldest first. */
    async window(integrationUid: string, limit: number, offset: number): Promise<NamedWebhook[]> {
      const found = await rows(integrationUid)
        .orderBy('w.created_at')
        .orderBy('w.uid')
        .limit(limit)
        .offset(offset)
        .execute()
      return found.map(webhookFrom)
    },

    /** Of the whole account, which has few. */
    async all(): Promise<NamedWebhook[]> {
      return (await named(db, accountId).execute()).map(webhookFrom)
    },

    /** Of an integration, or of the account. */
    async count(integrationUid?: string): Promise<number> {
      const { n } = await db
        .selectFrom('webhooks')
        .where('account_id', '=', accountId)
        .$if(integrationUid !== undefined, (query) =>
          query.where('integration_uid', '=', integrationUid ?? ''),
        )
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow()
      return Number(n)
    },

    /** Those that are not disabled. */
    async listeners(): Promise<Listener[]> {
      const found = await listeners(db, { account: accountId })
      return found.map(({ uid, integration_uid, reach, events, failures }) => ({
        uid,
        integrationUid: integration_uid,
        reach: reach as Webhook['reach'],
        events: JSON.parse(events) as string[],
        failures,
      }))
    },

    async insert(webhook: Webhook): Promise<void> {
      await db
        .insertInto('webhooks')
        .values({ account_id: accountId, ...rowFrom(webhook) })
        .execute()
      await restamp(db, accountId)
    },

    async update(webhook: Webhook): Promise<void> {
      await db
        .updateTable('webhooks')
        .set(rowFrom(webhook))
        .where('account_id', '=', accountId)
        .where('uid', '=', webhook.uid)
        .execute()
      await restamp(db, accountId)
    },

    async setHealth(
      uid: string,
      { disabledAt, disabledReason, failingSince, failures }: WebhookHealth,
    ): Promise<void> {
      await db
        .updateTable('webhooks')
        .set({
          disabled_at: disabledAt,
          disabled_reason: disabledReason,
          failing_since: failingSince,
          failures,
        })
        .where('account_id', '=', accountId)
        .where('uid', '=', uid)
        .execute()
      await restamp(db, accountId)
    },

    async remove(uid: string): Promise<void> {
      await db.deleteFrom('webhooks').where('account_id', '=', accountId).where('uid', '=', uid).execute()
      await restamp(db, accountId)
    },

    /** With an account that is deleted: nothing is sent any more. */
    async removeAll(): Promise<void> {
      await db.deleteFrom('webhooks').where('account_id', '=', accountId).execute()
    },
  }
}

/**
 * Whether anybody hears of events stands where every change looks, as a number that is another one after every
 * change of them: an account without webhooks pays for none, one with some need not read them again.
 */
async function restamp(db: Db, accountId: number): Promise<void> {
  const isHeard = sql<boolean>`exists (select 1 from webhooks where account_id = ${accountId} and disabled_at is null)`
  await db
    .updateTable('audit_chains')
    .set({
      listeners: sql<number>`case when ${isHeard} then cast(${randomInt(1, 2 ** 47)} as bigint) else 0 end`,
    })
    .where('account_id', '=', accountId)
    .execute()
}

export type Endpoint = { readonly accountId: number; readonly uid: string }

/**
 * A stretch of all webhooks that are not disabled, in order; of each, when the first of what waits is to be tried.
 * @param after where the last stretch ended
 */
export async function endpointsFrom(
  db: Db,
  after: Endpoint,
  limit: number,
): Promise<Array<Endpoint & { dueAt: Timestamp | null; failures: number }>> {
  const rows = await within(db, 'all accounts')
    .selectFrom('webhooks as w')
    .select((eb) => [
      'w.account_id',
      'w.uid',
      'w.failures',
      eb
        .selectFrom('deliveries as d')
        .select('d.due_at')
        .whereRef('d.account_id', '=', 'w.account_id')
        .whereRef('d.webhook_uid', '=', 'w.uid')
        .where('d.due_at', 'is not', null)
        .orderBy('d.due_at')
        .limit(1)
        .as('due_at'),
    ])
    .where('w.disabled_at', 'is', null)
    .where((eb) => eb(eb.refTuple('w.account_id', 'w.uid'), '>', eb.tuple(after.accountId, after.uid)))
    .orderBy('w.account_id')
    .orderBy('w.uid')
    .limit(limit)
    .execute()
  return rows.map(({ account_id, uid, failures, due_at }) => ({
    accountId: account_id,
    uid,
    failures,
    dueAt: due_at,
  }))
}

/** Found without looking at each delivery: account by account. */
export async function accountsWithDeliveries(db: Db): Promise<number[]> {
  const ids: number[] = []
  for (;;) {
    const next = await within(db, 'all accounts')
      .selectFrom('deliveries')
      .select('account_id')
      .where('account_id', '>', ids.at(-1) ?? -1)
      .orderBy('account_id')
      .limit(1)
      .executeTakeFirst()
    if (!next) return ids
    ids.push(next.account_id)
  }
}

function named(db: Db, accountId: number) {
  return db
    .selectFrom('webhooks as w')
    .innerJoin('integrations as i', (join) =>
      join.onRef('i.account_id', '=', 'w.account_id').onRef('i.uid', '=', 'w.integration_uid'),
    )
    .selectAll('w')
    .select('i.id as integration_id')
    .where('w.account_id', '=', accountId)
}

function webhookFrom(row: NamedRow): NamedWebhook {
  return {
    uid: row.uid,
    integrationUid: row.integration_uid,
    integrationId: row.integration_id,
    reach: row.reach as Webhook['reach'],
    url: row.url,
    events: JSON.parse(row.events) as string[],
    metadata: new JsonText(row.metadata),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    disabledAt: row.disabled_at,
    disabledReason: row.disabled_reason as DisabledReason | null,
    failingSince: row.failing_since,
    failures: row.failures,
  }
}

function rowFrom(webhook: Webhook): Row {
  return {
    uid: webhook.uid,
    integration_uid: webhook.integrationUid,
    reach: webhook.reach,
    url: webhook.url,
    events: JSON.stringify(webhook.events),
    metadata: webhook.metadata.text,
    created_at: webhook.createdAt,
    updated_at: webhook.updatedAt,
    disabled_at: webhook.disabledAt,
    disabled_reason: webhook.disabledReason,
    failing_since: webhook.failingSince,
    failures: webhook.failures,
  }
}
