// What one would write in an afternoon: Fastify on node:sqlite with the right indexes, and no feature at all.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import Fastify from 'fastify'
import { page, shown } from './plain-schemas.ts'

const [dataDir = '.', count = '1000'] = process.argv.slice(2)

const db = new DatabaseSync(join(dataDir, 'plain.db'))
db.exec(`
  PRAGMA journal_mode=WAL;
  PRAGMA synchronous=FULL;
  CREATE TABLE integrations (
    account_id INTEGER NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    type INTEGER NOT NULL,
    name TEXT NOT NULL,
    logo TEXT,
    metadata TEXT NOT NULL,
    email TEXT NOT NULL,
    recipient TEXT NOT NULL,
    address_line_1 TEXT NOT NULL,
    address_line_2 TEXT,
    zip_code TEXT NOT NULL,
    city TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX integrations_position ON integrations (account_id, position);
`)

const columns =
  'id, name, type, logo, metadata, email, recipient, address_line_1, address_line_2, zip_code, city'
const find = db.prepare(`SELECT ${columns} FROM integrations WHERE account_id = ? AND id = ?`)
const countAll = db.prepare('SELECT count(*) AS count FROM integrations WHERE account_id = ?')
const window = db.prepare(
  `SELECT ${columns} FROM integrations WHERE account_id = ? ORDER BY position LIMIT ? OFFSET ?`,
)
const insert = db.prepare(
  `INSERT INTO integrations (${columns}, account_id, position)
   VALUES (?, ?, 3, NULL, ?, ?, ?, ?, NULL, ?, ?, 1, ?)`,
)

type Body = Record<'name' | 'email' | 'recipient' | 'address_line_1' | 'zip_code' | 'city', string>

let position = 0
function create(id: string, body: Body): void {
  const { name, email, recipient, address_line_1, zip_code, city } = body
  insert.run(id, name, '{}', email, recipient, address_line_1, zip_code, city, ++position)
}

db.exec('BEGIN')
const sample = { email: 'invoices@example.com', recipient: 'Pinestreet Technology AB' }
const address = { address_line_1: 'Malmvägen 8', zip_code: '14171', city: 'Segeltorp' }
for (let n = 1; n <= Number(count); n++) create(String(n), { name: `Shop ${n}`, ...sample, ...address })
db.exec('COMMIT')

const view = (row: Record<string, unknown>) => ({ ...row, metadata: JSON.parse(String(row.metadata)) })
const app = Fastify()

app.get('/v2/integrations/:id/', { schema: { response: { '2xx': shown } } }, (request, reply) => {
  const row = find.get(1, (request.params as { id: string }).id)
  return row ? view(row) : reply.code(404).send({ detail: 'Not found.' })
})

app.get('/v2/integrations/', { schema: { response: { 200: page } } }, (request) => {
  const { page = '1' } = request.query as { page?: string }
  const all = Number(countAll.get(1)?.count)
  const results = window.all(1, 25, (Number(page) - 1) * 25).map(view)
  const link = `http://${request.host}/v2/integrations/?page=${Number(page) + 1}`
  return { count: all, next: all > Number(page) * 25 ? link : null, previous: null, results }
})

app.post('/v2/integrations/', { schema: { response: { 201: shown } } }, (request, reply) => {
  const id = randomUUID()
  create(id, request.body as Body)
  return reply.code(201).send(view(find.get(1, id) ?? {}))
})

const origin = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ origin })
