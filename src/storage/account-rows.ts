// Whatever rows an account has, in every table, for those who count them or take them all away.
import { sql } from 'kysely'
import { type Db, within } from './database.ts'

/** Tables with rows of accounts and what tells their rows apart; what refers to another table comes before it. */
export const tablesOfAccounts = {
  deliveries: ['webhook_uid', 'sequence'],
  webhook_secrets: ['webhook_uid', 'field'],
  webhooks: ['uid'],
  events: ['sequence'],
  hourly_counts: ['what', 'hour'],
  console_sessions: ['uid'],
  console_links: ['digest'],
  stored_answers: ['key', 'route', 'target'],
  previous_secrets: ['connection_uid', 'field'],
  connection_secrets: ['connection_uid', 'field'],
  connection_uses: ['connection_uid', 'key_uid'],
  connection_checks: ['connection_uid', 'sequence'],
  connection_upkeep: ['connection_uid'],
  connections: ['id'],
  freelancers: ['uid'],
  integrations: ['uid'],
  logos: ['name'],
  api_keys: ['uid'],
  tallies: ['list', 'level', 'stretch'],
  sequences: ['name'],
  audit_chains: ['first'],
  audit: ['sequence'],
  leases: ['name'],
  data_keys: ['id'],
} as const

const tables = Object.entries(tablesOfAccounts)

export function accountRowsOf(store: Db, accountId: number) {
  const db = within(store, accountId)
  return {
    async count(table: 'integrations' | 'connections'): Promise<number> {
      const { rows } = await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('rows'))
        .where('account_id', '=', accountId)
        .executeTakeFirstOrThrow()
      return Number(rows)
    },

    /**
     * Takes away at most so many, whatever they are: data keys last.
     * @returns how many there were
     */
    async removeSome(limit: number): Promise<number> {
      let removed = 0
      for (const [name, columns] of tables) {
        if (removed === limit) break
        const table = sql.table(name)
        const key = sql.join(columns.map((column) => sql.ref(column)))
        const { numAffectedRows = 0n } = await sql`delete from ${table}
          where account_id = ${accountId} and (${key}) in (
            select ${key} from ${table} where account_id = ${accountId} limit ${sql.lit(limit - removed)}
          )`.execute(db)
        removed += Number(numAffectedRows)
      }
      return removed
    },
  }
}
