// Makes a store to measure on: accounts of given sizes, each with a key and a Stripe connection.
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createHub } from '../src/app.ts'
import { JsonText } from '../src/hub/json-text.ts'
import { openStore } from '../src/store.ts'

export type BenchAccount = { id: number; key: string; integrations: number; connectionId: number }

/** @param sizes how many integrations each account has */
export async function makeStore<Name extends string>(
  folder: string,
  sizes: Readonly<Record<Name, number>>,
): Promise<Record<Name, BenchAccount>> {
  const dataDir = join(folder, 'data')
  const store = await openStore(
    { dataDir, keyDir: join(folder, 'mortise') },
    { masterKey: undefined, masterKeyFile: undefined },
    { mayCreate: true },
  )
  const hub = createHub({ db: store.db, masterKey: store.masterKey, rateLimits: { key: 0, account: 0 } })
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
    accounts[name as Name] = { id, key, integrations, connectionId }
  }
  await store.close()
  fill(join(dataDir, 'mortise.db'), Object.values<BenchAccount>(accounts as Record<Name, BenchAccount>))
  return accounts as Record<Name, BenchAccount>
}

/** Adds the integrations beyond the first by SQL: a million through the API would take the whole run. */
function fill(file: string, accounts: readonly BenchAccount[]): void {
  const db = new DatabaseSync(file)
  db.exec('BEGIN')
  for (const { id, integrations } of accounts) {
    db.prepare(
      `INSERT INTO integrations (account_id, uid, id, position, type, name, metadata, email, recipient,
         address_line_1, zip_code, city, created_at, updated_at)
       WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
       SELECT first.account_id, lower(hex(randomblob(16))), n, n, 3, 'Shop ' || n, '{}', first.email,
         'Pinestreet Technology AB', first.address_line_1, first.zip_code, first.city,
         first.created_at, first.updated_at
       FROM numbers, (SELECT * FROM integrations WHERE account_id = ?2 AND id = '1') AS first
       WHERE n <= ?1`,
    ).run(integrations, id)
    db.prepare(`UPDATE sequences SET value = ? WHERE account_id = ? AND name = 'integrations'`).run(
      integrations,
      id,
    )
    db.prepare(`DELETE FROM tallies WHERE account_id = ?`).run(id)
    for (const [level, size] of [1_024, 65_536, 4_194_304].entries()) {
      for (const list of [`'integrations'`, `'integrations/' || type`]) {
        db.exec(
          `INSERT INTO tallies (account_id, list, level, stretch, n)
           SELECT account_id, ${list}, ${level}, position / ${size}, count(*) FROM integrations
           WHERE account_id = ${id} GROUP BY ${list}, position / ${size}`,
        )
      }
    }
  }
  db.exec('COMMIT')
  db.close()
}
