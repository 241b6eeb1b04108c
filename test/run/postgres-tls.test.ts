// TLS to PostgreSQL, as DATABASE_URL asks for it: who the server is, is checked, and nothing is sent in clear to another.
import assert from 'node:assert/strict'
import { chownSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { generate } from 'selfsigned'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { type Folders, run, start } from '../support/process.ts'

let home: Folders
let server: PostgresServer
let authority: string
before(async () => {
  home = newHome()
  server = await startPostgres(['-c', 'fsync=off'])
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  })
  for (const [name, text] of Object.entries({ 'server.crt': cert, 'server.key': key })) {
    const file = join(server.dataDir, name)
    writeFileSync(file, text, { mode: 0o600 })
    const { uid, gid } = server.user
    if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid)
  }
  authority = join(home.root, 'authority.pem')
  copyFileSync(join(server.dataDir, 'server.crt'), authority)
  const client = new pg.Client({ connectionString: server.url('postgres') })
  await client.connect()
  await client.query('alter system set ssl = on')
  await client.query('select pg_reload_conf()')
  await client.query('create database mortise')
  await client.end()
})
after(async () => {
  await server.remove()
  home.remove()
})

function addressOf(host: string, search: string): string {
  const url = new URL(server.url('mortise'))
  url.hostname = host
  url.search = search
  return url.href
}

describe('a server that has a certificate', () => {
  test('of an authority that is named serves, and every session is encrypted', async () => {
    const DATABASE_URL = addressOf('localhost', `sslmode=verify-full&sslrootcert=${authority}`)
    const served = await start('serve', ['--data', home.data], { ...home.env, DATABASE_URL })
    try {
      const key = keyIn(served.output().stdout)
      const { status } = await call(served.address, 'GET', '/v2/integrations/', { key })
      assert.equal(status, 200)
      const client = new pg.Client({ connectionString: DATABASE_URL })
      await client.connect()
      const { rows } = await client.query(
        `select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'mortise%'`,
      )
      await client.end()
      assert.ok(rows.length > 0)
      assert.deepEqual(
        rows.filter(({ ssl }) => !ssl),
        [],
      )
      assert.ok(!served.output().stderr.includes('SECURITY WARNING'), served.output().stderr)
    } finally {
      await served.stop()
    }
  })

  const refusals: Record<string, () => { url: string; says: RegExp }> = {
    'of an authority that nobody named': () => ({
      url: addressOf('localhost', 'sslmode=verify-full'),
      says: /refuses: .*self-signed certificate/,
    }),
    'for another name': () => ({
      url: addressOf('127.0.0.1', `sslmode=verify-full&sslrootcert=${authority}`),
      says: /refuses: .*(does not match|not in the cert)/,
    }),
  }
  for (const [name, refused] of Object.entries(refusals)) {
    test(`${name} is refused in one line`, async () => {
      const { url, says } = refused()
      const env = { ...home.env, DATABASE_URL: url, MORTISE_PG_WAIT: '0' }
      const { code, stderr } = await run(['serve', '--port', '0', '--data', home.data], { env })
      assert.equal(code, exitCodes.storeRefused, stderr)
      assert.match(stderr, says)
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
    })
  }
})
