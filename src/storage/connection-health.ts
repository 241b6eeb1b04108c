// Queries on the health of an account's connections, whichever integration they hang on.
import type { Health } from '../hub/connection.ts'
import { type Db, within } from './database.ts'

export type UnwellConnection = Pick<Health, 'status' | 'reason' | 'checkedAt'> & {
  readonly id: number
  readonly provider: string
  readonly title: string
  readonly integrationId: string
  readonly integrationName: string
}

/** @param integrationUid narrows it to one */
export function connectionHealthOf(store: Db, accountId: number, integrationUid?: string) {
  const db = within(store, accountId)
  return {
    /** By status. */
    async counts(): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('connections')
        .select((eb) => ['health_status', eb.fn.countAll<number>().as('n')])
        .where('account_id', '=', accountId)
        .$if(integrationUid !== undefined, (query) =>
          query.where('integration_uid', '=', integrationUid ?? ''),
        )
        .groupBy('health_status')
        .execute()
      return new Map(rows.map(({ health_status, n }) => [health_status, Number(n)]))
    },

    /** Those of one status, the lowest ids first. */
    async those(status: Health['status'], limit: number): Promise<UnwellConnection[]> {
      const rows = await db
        .selectFrom('connections as c')
        .innerJoin('integrations as i', (join) =>
          join.onRef('i.account_id', '=', 'c.account_id').onRef('i.uid', '=', 'c.integration_uid'),
        )
        .select(['c.id', 'c.provider', 'c.title', 'i.id as integration_id', 'i.name as integration_name'])
        .select(['c.health_reason', 'c.health_checked_at'])
        .where('c.account_id', '=', accountId)
        .where('c.health_status', '=', status)
        .$if(integrationUid !== undefined, (query) =>
          query.where('c.integration_uid', '=', integrationUid ?? ''),
        )
        .orderBy('c.id')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        id: Number(row.id),
        provider: row.provider,
        title: row.title,
        integrationId: row.integration_id,
        integrationName: row.integration_name,
        status,
        reason: row.health_reason,
        checkedAt: row.health_checked_at,
      }))
    },
  }
}
