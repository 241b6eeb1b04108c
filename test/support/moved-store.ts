// A store of any size to be moved: integrations, connections with sealed secrets, and records, made by SQL.
import { sql } from 'kysely'
import { createHub } from '../../src/app.ts'
import type { Db } from '../../src/storage/database.ts'
import { transact } from '../../src/storage/database.ts'
import { openStore } from '../../src/store.ts'
import { newMasterKey } from '../../src/vault/master-key.ts'
import { Secret } from '../../src/vault/secret.ts'
import { createVault } from '../../src/vault/vault.ts'

export const masterKey = newMasterKey('the test')

export type StoreToMove = {
  readonly key: string
  /** How many of each there are, the first ones included. */
  readonly integrations: number
  readonly connections: number
}

/** What nobody would write by hand: every kind of character that text can hold. */
const odd = 'Tab\there, "quotes", back\\slash \\N, line\nand\r\nend, \u0001\u007f\u0085\u2028, Ä, 漢, 🔐'

/** @param dataDir an empty folder */
export async function makeStoreToMove(
  { dataDir, keyDir }: { dataDir: string; keyDir: string },
  { integrations, connections }: Omit<StoreToMove, 'key'>,
): Promise<StoreToMove> {
  const secrets = { masterKey, masterKeyFile: undefined }
  const store = await openStore({ dataDir, keyDir }, secrets, { mayCreate: true })
  const { db, keyRing } = store
  const hub = createHub({ db, keyRing, rateLimits: { key: 0, account: 0 } })
  const identity = { email: 'a@example.com', addressLine1: odd, zipCode: '14171', city: 'Segeltorp' }
  const { id } = await hub.accounts.create({ id: 1, name: 'first', identity })
  await hub.accounts.create({ id: 2, name: odd, identity })
  const { text: key } = await hub.apiKeys.create(hub.callerFor(id), { name: 'test' })
  await addIntegrations(db, integrations)
  await addConnections(db, createVault(keyRing), connections)
  await hub.close()
  await store.close()
  return { key, integrations, connections }
}

/** With a record each, which are of no account that there is: they are no part of a chain, and weigh as much. */
async function addIntegrations(db: Db, integrations: number): Promise<void> {
  const numbers = sql`with recursive numbers (n) as (select 2 union all select n + 1 from numbers where n < ${sql.lit(integrations)})`
  await transact(db, 1, async (db) => {
    await sql`${numbers}
      insert into integrations (account_id, uid, id, position, type, name, metadata, email, recipient,
        address_line_1, zip_code, city, created_at, updated_at)
      select first.account_id, printf('%012x', n) || lower(hex(randomblob(10))), cast(n as text), n, 3, 'Shop ' || n, '{"n": ' || n || '}',
        first.email, 'Pinestreet Technology AB', first.address_line_1, first.zip_code, first.city,
        first.created_at, first.updated_at
      from numbers, (select * from integrations where account_id = 1 and id = '1') as first`.execute(db)
    await sql`${numbers}
      insert into audit (account_id, sequence, at, action, subject, key_uid, address, request_id, times, data)
      select 3, n, '2026-01-01T00:00:00.000000Z', 'integration.created', 'integration ' || n,
        (select uid from api_keys where account_id = 1), '127.0.0.1', lower(hex(randomblob(8))), 1, '{"type":3}'
      from numbers`.execute(db)
    await sql`update sequences set value = ${integrations} where account_id = 1 and name = 'integrations'`.execute(
      db,
    )
    await sql`delete from tallies where account_id = 1 and list <> 'freelancers'`.execute(db)
    for (const [level, size] of [1_024, 65_536, 4_194_304].entries()) {
      for (const list of [sql`'integrations'`, sql`'integrations/' || type`]) {
        await sql`
          insert into tallies (account_id, list, level, stretch, n)
          select account_id, list, ${sql.lit(level)}, stretch, count(*) from (
            select account_id, ${list} as list, position / ${sql.lit(size)} as stretch from integrations
            where account_id = 1
          ) as places group by account_id, list, stretch`.execute(db)
      }
    }
  })
}

const rowsAtOnce = 500

async function addConnections(
  db: Db,
  vault: ReturnType<typeof createVault>,
  connections: number,
): Promise<void> {
  const sealer = await vault.sealerOf(db, 1)
  const { integration_uid, at } = await db
    .selectFrom('integrations')
    .select(['uid as integration_uid', 'created_at as at'])
    .where('account_id', '=', 1)
    .where('id', '=', '1')
    .executeTakeFirstOrThrow()
  for (let from = 1; from <= connections; from += rowsAtOnce) {
    const ids = Array.from({ length: Math.min(rowsAtOnce, connections - from + 1) }, (_, more) => from + more)
    const uidOf = (id: number) => `${id.toString(16).padStart(8, '0')}-connection`
    await transact(db, 1, async (db) => {
      await db
        .insertInto('connections')
        .values(
          ids.map((id) => ({
            account_id: 1,
            id,
            uid: uidOf(id),
            integration_uid,
            provider: 'stripe',
            title: `Shop ${id}`,
            title_key: `SHOP ${id}`,
            use_cloudfront: 0,
            fields: JSON.stringify({ publishable_key: `pk_test_${id}` }),
            metadata: '{}',
            health_status: 'unverified',
            created_at: at,
            updated_at: at,
          })),
        )
        .execute()
      const place = (id: number) => ({ table: 'connection_secrets', row: uidOf(id), field: 'secret_key' })
      await db
        .insertInto('connection_secrets')
        .values(
          ids.map((id) => {
            const { sealed, keyId } = sealer.seal(place(id), new Secret(`sk_test_${id} ${odd}`))
            const connection_uid = uidOf(id)
            return {
              account_id: 1,
              connection_uid,
              field: 'secret_key',
              sealed,
              key_id: keyId,
              hint: null,
              updated_at: at,
            }
          }),
        )
        .execute()
      await db
        .insertInto('connection_upkeep')
        .values(
          ids.map((id) => ({
            account_id: 1,
            connection_uid: uidOf(id),
            check_at: at,
            check_failures: 0,
            refresh_failures: 0,
          })),
        )
        .execute()
    })
  }
  await sql`insert into sequences (account_id, name, value) values (1, 'connections', ${connections})
    on conflict (account_id, name) do update set value = excluded.value`.execute(db)
}
