// What one would write in an afternoon: Fastify on `pg` with the right indexes, and no feature at all.
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import pg from 'pg'
import { page, shown } from './plain-schemas.ts'

const [url = '', count = '1000'] = process.argv.slice(2)

const pool = new pg.Pool({ connectionString: url, max: 10 })
await pool.query(`
  CREATE TABLE integrations (
    account_id BIGINT NOT NULL,
    id TEXT NOT NULL,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    type INTEGER NOT NULL,
    name TEXT NOT NULL,
    logo TEXT,
    metadata JSON NOT NULL,
    email TEXT NOT NULL,
    recipient TEXT NOT NULL,
    address_line_1 TEXT NOT NULL,
    address_line_2 TEXT,
    zip_code TEXT NOT NULL,
    city TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
  );
  CREATE UNIQUE INDEX integrations_position ON integrations (account_id, position);
`)

const columns =
  'id, name, type, logo, metadata, email, recipient, address_line_1, address_line_2, zip_code, city'
const insert = `INSERT INTO integrations (${columns}, account_id)
  VALUES ($1, $2, 3, NULL, $3, $4, $5, $6, NULL, $7, $8, 1) RETURNING ${columns}`

type Body = Record<'name' | 'email' | 'recipient' | 'address_line_1' | 'zip_code' | 'city', string>

async function create(id: string, body: Body): Promise<unknown> {
  const { name, email, recipient, address_line_1, zip_code, city } = body
  const values = [id, name, '{}', email, recipient, address_line_1, zip_code, city]
  return (await pool.query(insert, values)).rows[0]
}

await pool.query(
  `INSERT INTO integrations (${columns}, account_id)
   SELECT n::text, 'Shop ' || n, 3, NULL, '{}', 'invoices@example.com', 'Pinestreet Technology AB',
     'Malmvägen 8', NULL, '14171', 'Segeltorp', 1
   FROM generate_series(1, $1::int) AS n`,
  [count],
)
await pool.query('ANALYZE')

const app = Fastify()

app.get('/v2/integrations/:id/', { schema: { response: { '2xx': shown } } }, async (request, reply) => {
  const { id } = request.params as { id: string }
  const { rows } = await pool.query(`SELECT ${columns} FROM integrations WHERE account_id = $1 AND id = $2`, [
    1,
    id,
  ])
  return rows[0] ?? reply.code(404).send({ detail: 'Not found.' })
})

app.get('/v2/integrations/', { schema: { response: { 200: page } } }, async (request) => {
  const { page = '1' } = request.query as { page?: string }
  const counted = await pool.query('SELECT count(*) AS count FROM integrations WHERE account_id = $1', [1])
  const { rows: results } = await pool.query(
    `SELECT ${columns} FROM integrations WHERE account_id = $1 ORDER BY position LIMIT $2 OFFSET $3`,
    [1, 25, (Number(page) - 1) * 25],
  )
  const all = Number(counted.rows[0].count)
  const link = `http://${request.host}/v2/integrations/?page=${Number(page) + 1}`
  return { count: all, next: all > Number(page) * 25 ? link : null, previous: null, results }
})

app.post('/v2/integrations/', { schema: { response: { 201: shown } } }, async (request, reply) =>
  reply.code(201).send(await create(randomUUID(), request.body as Body)),
)

const origin = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ origin })
