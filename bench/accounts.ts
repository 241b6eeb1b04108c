// What a request costs as there are more and more accounts: each request is of another one, picked at random.
import { randomInt } from 'node:crypto'
import pg from 'pg'
import type { Contender } from './compare.ts'
import { newIntegration, table } from './requests.ts'
import type { Server } from './servers.ts'

const counts = [1_000, 10_000, 100_000, 1_000_000]
/** Beyond those that the store has. */
const firstId = 1_000_000

type Needs = { mortise: Server; databaseUrl: string; database: { cpuS(): number } }

export async function accountsGrow({ mortise, databaseUrl, database }: Needs): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const tables: string[] = []
  let made = 0
  for (const count of counts) {
    // In parts, as a statement of a million rows would hold everything in memory.
    for (; made < count; made += Math.min(count - made, 50_000)) {
      await insertAccounts(client, made, Math.min(count, made + 50_000))
    }
    await client.query('analyze')
    await client.query('checkpoint')
    const ofAnyAccount = () => ({
      authorization: `Token ${keyOf(randomInt(count))}`,
      'content-type': 'application/json',
    })
    const shared = { servers: [mortise], headers: ofAnyAccount, database }
    const contenders: Contender[] = [
      { ...shared, name: 'retrieve', path: '/v2/integrations/1/' },
      {
        ...shared,
        name: 'create',
        path: '/v2/integrations/',
        method: 'POST',
        status: 201,
        body: newIntegration,
      },
    ]
    tables.push(await table(`Accounts: ${count.toLocaleString('en')}, any of them`, contenders))
  }
  await client.end()
  return tables.join('\n')
}

const keyOf = (number: number) => `a-key-of-account-${number}`

/** With a key and the first integration each, as making one through the API leaves them. */
async function insertAccounts(client: pg.Client, from: number, to: number): Promise<void> {
  const numbers = `generate_series(${from}, ${to - 1}) as n`
  const [id, at] = [`${firstId} + n`, `'2026-01-01T00:00:00.000000Z'`]
  await client.query(`insert into accounts (id, uid, name, created_at)
    select ${id}, gen_random_uuid()::text, 'Account ' || n, ${at} from ${numbers}`)
  await client.query(`insert into api_keys (account_id, uid, digest, prefix, last_four, name, scopes, created_at)
    select ${id}, gen_random_uuid()::text, encode(sha256(convert_to('a-key-of-account-' || n, 'UTF8')), 'hex'), 'a-key-of',
      '', 'bench', '["integrations:read","integrations:write"]', ${at} from ${numbers}`)
  await client.query(`insert into integrations (account_id, uid, id, position, type, name, metadata, email, recipient,
      address_line_1, zip_code, city, created_at, updated_at)
    select ${id}, gen_random_uuid()::text, '1', 1, 1, 'Account ' || n, '{}', 'invoices@example.com', 'Pinestreet Technology AB',
      'Malmvägen 8', '14171', 'Segeltorp', ${at}, ${at} from ${numbers}`)
  await client.query(`insert into sequences (account_id, name, value)
    select ${id}, 'integrations', 1 from ${numbers}`)
  await client.query(`insert into tallies (account_id, list, level, stretch, n)
    select ${id}, list, level, 0, 1 from ${numbers}, (values ('integrations'), ('integrations/1')) as l (list),
      generate_series(0, 2) as level`)
}
