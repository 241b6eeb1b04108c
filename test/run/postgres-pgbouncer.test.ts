// A pooler, pgbouncer in transaction mode between the nodes and PostgreSQL: nothing relies on a session.
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { freePort, keyIn, listens, newHome, until } from '../support/command-line.ts'
import { keyOf, named } from '../support/idempotency.ts'
import { administer, newDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Folders, run, type Served, start } from '../support/process.ts'
import { integrationsPath } from '../support/v2.ts'

const program = '/usr/sbin/pgbouncer'
const serverConnections = 4

function isInstalled(): boolean {
  try {
    execFileSync(program, ['--version'])
    return true
  } catch {
    return false
  }
}

const skip =
  isInstalled() || process.env.CI
    ? false
    : 'pgbouncer is not installed: nothing is known of poolers (apt-get install pgbouncer)'

type Pooler = { url: string; stop(): Promise<void> }

/**
 * @param ignored whether it takes the parameters that sessions begin with
 * @param more lines of its configuration
 */
async function startPooler(
  database: Pick<TestDatabase, 'url'>,
  { ignored = true, more = [] }: { ignored?: boolean; more?: readonly string[] } = {},
): Promise<Pooler> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-pgbouncer-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  const { hostname, port: target, username, password, pathname } = new URL(database.url)
  const parameters = 'extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout'
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${target} user=${username} password=${password}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    `default_pool_size = ${serverConnections}`,
    'max_client_conn = 200',
    ...(ignored ? [`ignore_startup_parameters = ${parameters}`] : []),
    ...more,
  ]
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(file, `${lines.join('\n')}\n`)
  chmodSync(file, 0o644)
  // It refuses to run as root.
  const args = process.getuid?.() === 0 ? ['-u', 'nobody', file] : [file]
  const child: ChildProcess = spawn(program, args, { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await until('the pooler listens', () => listens(port))
  return {
    url: `postgres://mortise:mortise@127.0.0.1:${port}${pathname}`,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

describe('behind pgbouncer in transaction mode', { skip }, () => {
  let home: Folders
  let database: TestDatabase
  let pooler: Pooler
  let nodes: Served[] = []
  let key: string
  before(async () => {
    home = newHome()
    database = await newDatabase()
    pooler = await startPooler(database)
    const env = { ...home.env, DATABASE_URL: pooler.url, MORTISE_PG_PREPARED: 'off' }
    const first = await start('serve', ['--data', home.data], env)
    key = keyIn(first.output().stdout)
    nodes = [first, await start('serve', ['--data', home.data], env)]
  })
  after(async () => {
    for (const node of nodes) await node.stop()
    await pooler.stop()
    await database.remove()
    home.remove()
  })

  const ask = (at: number, method: string, path: string, body?: unknown, headers = {}) =>
    call(nodes[at % nodes.length]?.address ?? '', method, path, { key, body, headers })

  test('two nodes answer everything, many at once, over few connections to the server', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, at) => {
        if (at % 3 === 0) return ask(at, 'POST', integrationsPath, named(`pooled ${at}`))
        return at % 3 === 1
          ? ask(at, 'GET', `${integrationsPath}1/`)
          : ask(at, 'PATCH', `${integrationsPath}1/`, { city: `city ${at}` })
      }),
    )
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [200, 201])
    const { body } = await ask(0, 'GET', integrationsPath)
    assert.equal(Object(body).count, 41)
    const { rows } = await administer(
      `select count(*)::int as n from pg_stat_activity where datname = '${new URL(database.url).pathname.slice(1)}'`,
    )
    assert.ok(rows[0]?.n <= serverConnections, `${rows[0]?.n} connections`)
  })

  test('one key over both is done once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        ask(at, 'POST', integrationsPath, named('pooled once'), keyOf('pooled')),
      ),
    )
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
    const { rows } = await administer(
      `select count(*)::int as n from integrations where name = 'pooled once'`,
      new URL(database.url).pathname.slice(1),
    )
    assert.equal(rows[0]?.n, 1)
  })

  test('connections and their secrets, freelancers, keys and the audit trail are no other', async () => {
    const acting = { 'integration-id': '1' }
    const made = await ask(
      0,
      'POST',
      '/v2/connections/',
      { provider: 'stripe', title: 'Stripe', fields: { secret_key: 'sk_test_1234567890' } },
      acting,
    )
    assert.equal(made.status, 201, made.text)
    const one = `/v2/connections/${Object(made.body).id}/`
    const shown = await ask(1, 'POST', `${one}reveal/`, undefined, acting)
    assert.match(shown.text, /sk_test_1234567890/)
    assert.equal((await ask(0, 'POST', '/v2/freelancers/', named('Pooled'))).status, 201)
    assert.equal((await ask(1, 'POST', '/v2/api_keys/', { name: 'pooled' })).status, 201)
    assert.equal((await ask(0, 'GET', '/v2/audit/?page_size=5')).status, 200)
    assert.equal((await ask(1, 'DELETE', `${one}?force=true`, undefined, acting)).status, 204)
  })

  test('a node that was not told of it finds out: no request fails, and it says what to set', async () => {
    const node = await start('serve', ['--data', home.data], {
      ...home.env,
      DATABASE_URL: pooler.url,
    })
    try {
      const send = (at: number) => {
        const [method, path, body] =
          at % 2 === 0
            ? (['PATCH', `${integrationsPath}1/`, { city: `city ${at}` }] as const)
            : (['GET', `${integrationsPath}1/`, undefined] as const)
        return call(node.address, method, path, { key, body })
      }
      const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => send(at)))
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
      const said = () => node.output().stderr.split('Set MORTISE_PG_PREPARED=off').length - 1
      await until('it is logged', () => said() > 0)
      assert.equal(said(), 1, 'said once')
    } finally {
      await node.stop()
    }
  })

  test('a pooler that refuses what sessions begin with is told of at the start, with the line to mend it', async () => {
    const strict = await startPooler(database, { ignored: false })
    try {
      const env = { ...home.env, DATABASE_URL: strict.url, MORTISE_PG_WAIT: '0' }
      const { code, stderr } = await run(['serve', '--port', '0', '--data', home.data], { env })
      assert.equal(code, exitCodes.storeRefused, stderr)
      assert.match(stderr, /pgbouncer\.ini: ignore_startup_parameters = \S*statement_timeout/)
    } finally {
      await strict.stop()
    }
  })

  test('a server that is not there yet is waited for, whatever the pooler says of it', async () => {
    const gone = new URL(database.url)
    gone.port = '9'
    const lonely = await startPooler({ url: gone.href }, { more: ['client_login_timeout = 1'] })
    try {
      const env = { ...home.env, DATABASE_URL: lonely.url, MORTISE_PG_WAIT: '2' }
      const { code, stderr } = await run(['serve', '--port', '0', '--data', home.data], { env })
      assert.equal(code, exitCodes.storeRefused)
      assert.match(stderr, /cannot be reached at .*: .*server down.* Waited 2 seconds/)
    } finally {
      await lonely.stop()
    }
  })
})
