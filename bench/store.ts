// Makes a store to measure on: accounts of given sizes, each with a key and a Stripe connection.
import { sql } from 'kysely'
import { createHub } from '../src/app.ts'
import { JsonText } from '../src/hub/json-text.ts'
import { type Db, engineOf, transact } from '../src/storage/database.ts'
import { openStore } from '../src/store.ts'
import type { StorePlace } from './servers.ts'

export type BenchAccount = {
  id: number
  key: string
  /** One that may not read secrets. */
  plainKey: string
  integrations: number
  connectionId: number
}

/** @param sizes how many integrations each account has */
export async function makeStore<Name extends string>(
  folder: string,
  { dataDir, databaseUrl }: StorePlace,
  sizes: Readonly<Record<Name, number>>,
): Promise<Record<Name, BenchAccount>> {
  const postgres = {
    name: 'bench',
    connectionsMax: 10,
    rowSecurity: undefined,
    namesStatements: true,
    waitS: 0,
  }
  const store = await openStore(
    { dataDir, keyDir: `${folder}/mortise`, ...(databaseUrl !== undefined && { postgres }) },
    { masterKey: undefined, masterKeyFile: undefined, databaseUrl },
    { mayCreate: true },
  )
  const hub = createHub({ db: store.db, keyRing: store.keyRing, rateLimits: { key: 0, account: 0 } })
  const accounts: Partial<Record<Name, BenchAccount>> = {}
  for (const [name, integrations] of Object.entries<number>(sizes)) {
    const identity = {
      email: 'invoices@example.com',
      addressLine1: 'Malmvägen 8',
      zipCode: '14171',
      city: 'Segeltorp',
    }
    const { id } = await hub.accounts.create({ name, identity })
    const caller = hub.callerFor(id)
    const { text: key } = await hub.apiKeys.create(caller, { name: 'bench' })
    const scopes = ['connections:read'] as const
    const { text: plainKey } = await hub.apiKeys.create(caller, { name: 'plain', scopes })
    const {
      connection: { id: connectionId },
    } = await hub.connections.create(caller, {
      integrationId: '1',
      provider: 'stripe',
      title: 'Stripe',
      fields: new Map([
        ['publishable_key', new JsonText(`"pk_test_${'a1'.repeat(50)}"`)],
        ['secret_key', new JsonText(`"sk_test_${'a1'.repeat(50)}"`)],
      ]),
    })
    const account = { id, key, plainKey, integrations, connectionId }
    await fill(store.db, account)
    accounts[name as Name] = account
  }
  await store.close()
  return accounts as Record<Name, BenchAccount>
}

/** Adds the integrations beyond the first by SQL: a million through the API would take the whole run. */
function fill(db: Db, { id, integrations }: BenchAccount): Promise<void> {
  const uid =
    engineOf(db).engine === 'sqlite' ? sql`lower(hex(randomblob(16)))` : sql`gen_random_uuid()::text`
  return transact(db, 'all accounts', async (db) => {
    // In parts: no engine's time limit for a statement is met by a million rows.
    for (let from = 2; from <= integrations; from += 50_000) {
      const to = Math.min(from + 49_999, integrations)
      await sql`
        with recursive numbers (n) as (select ${sql.lit(from)} union all select n + 1 from numbers where n < ${sql.lit(to)})
        insert into integrations (account_id, uid, id, position, type, name, metadata, email, recipient,
          address_line_1, zip_code, city, created_at, updated_at)
        select first.account_id, ${uid}, cast(n as text), n, 3, 'Shop ' || n, '{}', first.email,
          'Pinestreet Technology AB', first.address_line_1, first.zip_code, first.city,
          first.created_at, first.updated_at
        from numbers, (select * from integrations where account_id = ${id} and id = '1') as first`.execute(db)
    }
    await sql`update sequences set value = ${integrations} where account_id = ${id} and name = 'integrations'`.execute(
      db,
    )
    await sql`delete from tallies where account_id = ${id}`.execute(db)
    for (const [level, size] of [1_024, 65_536, 4_194_304].entries()) {
      for (const list of [sql`'integrations'`, sql`'integrations/' || type`]) {
        await sql`
          insert into tallies (account_id, list, level, stretch, n)
          select account_id, list, ${sql.lit(level)}, stretch, count(*) from (
            select account_id, ${list} as list, position / ${sql.lit(size)} as stretch from integrations
            where account_id = ${id}
          ) as places group by account_id, list, stretch`.execute(db)
      }
    }
  })
}
