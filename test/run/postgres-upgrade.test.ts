// The schema changes while others are there: a migration that dies, and nodes that serve while the next version migrates.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { freePort, keyIn, newHome, until } from '../support/command-line.ts'
import { keyOf } from '../support/idempotency.ts'
import { newDatabase } from '../support/postgres.ts'
import { run, start } from '../support/process.ts'
import { type Asked, historyFaults, startClients } from '../support/steady-clients.ts'

async function onDatabase<Result>(
  work: (session: pg.Client, env: NodeJS.ProcessEnv, data: string) => Promise<Result>,
): Promise<Result> {
  const [home, database] = [newHome(), await newDatabase()]
  const session = new pg.Client({ connectionString: database.url })
  await session.connect()
  try {
    return await work(session, { ...home.env, DATABASE_URL: database.url }, home.data)
  } finally {
    await session.end()
    await database.remove()
    home.remove()
  }
}

/** The schema's tables, those of the migrations too. */
async function tables(session: pg.Client): Promise<string[]> {
  const query = `select tablename from pg_tables where schemaname = 'public' order by 1`
  return (await session.query(query)).rows.map(({ tablename }) => tablename)
}

/** As `storage/postgres.ts` has it. */
const schemaLock = 5_821_603_117

describe('a migration', () => {
  for (const table of ['tallies', 'leases']) {
    test(`that is killed at the table ${table} leaves nothing behind, and the next start does it whole`, () =>
      onDatabase(async (session, env, data) => {
        await session.query(`
          create function stand_still() returns event_trigger language plpgsql as $$
          begin
            if exists (select from pg_event_trigger_ddl_commands() where object_identity = 'public.${table}')
            then perform pg_sleep(30); end if;
          end $$`)
        await session.query(
          `create event trigger still on ddl_command_end when tag in ('CREATE TABLE') execute function stand_still()`,
        )
        let pid = 0
        const starting = start('serve', ['--data', data], env, {
          onSpawn: (child) => {
            pid = child.pid ?? 0
          },
        })
        const standing = `select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`
        const failing = assert.rejects(starting, /ended with null/)
        await until('it stands still', async () => (await session.query(standing)).rows.length === 1)
        process.kill(pid, 'SIGKILL')
        await failing
        await until('the server has noticed', async () => (await session.query(standing)).rows.length === 0)
        await session.query('drop event trigger still')
        assert.deepEqual(await tables(session), [])

        const served = await start('serve', ['--data', data], env)
        try {
          const key = keyIn(served.output().stdout)
          const { status, body } = await call(served.address, 'GET', '/v2/integrations/', { key })
          assert.deepEqual([status, Object(body).count], [200, 1])
        } finally {
          await served.stop()
        }
      }))
  }

  test('that another process is at is waited for: the port and the log say so, and commands too', () =>
    onDatabase(async (session, env, data) => {
      const first = await start('serve', ['--data', data], env)
      await session.query('begin')
      await session.query(`select pg_advisory_xact_lock(${schemaLock})`)
      const port = String(await freePort())
      const said =
        /^Another process changes the schema of 127\.0\.0\.1:\d+\/\w+\. Waiting until it is done\.$/m
      let stderr = ''
      const starting = start('serve', ['--port', port, '--data', data], env, {
        onSpawn: (child) => child.stderr?.on('data', (chunk) => (stderr += String(chunk))),
      })
      const migrating = run(['migrate', '--data', data], { env })
      await until('it says so', () => said.test(stderr))
      const ask = (path: string) => call(`http://127.0.0.1:${port}`, 'GET', path)
      assert.equal((await ask('/healthz')).status, 200)
      for (const path of ['/readyz', '/v2/integrations/']) {
        const { status, body } = await ask(path)
        assert.deepEqual([status, Object(body).code], [503, 'storage_unavailable'])
        const detail = 'Another process brings the database up to date.'
        assert.deepEqual(Object(body).reasons, [{ check: 'schema', detail }])
      }
      const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted`
      await until('both wait', async () => (await session.query(waiting)).rows.length === 2)
      await session.query('commit')
      const migrated = await migrating
      assert.equal(migrated.code, exitCodes.ok)
      assert.match(migrated.stderr, said)
      const second = await starting
      assert.equal((await call(second.address, 'GET', '/readyz')).status, 200)
      for (const served of [first, second]) await served.stop()
    }))

  test('of a newer version is not undone: an older one refuses to start, and nothing is changed', () =>
    onDatabase(async (session, env, data) => {
      const served = await start('serve', ['--data', data], env)
      const key = keyIn(served.output().stdout)
      try {
        const names = async () => (await session.query('select name from kysely_migration order by 1')).rows
        await session.query(`insert into kysely_migration values ('9999-from-the-future', '2099-01-01')`)
        const before = [await tables(session), await names()]
        for (const command of [['serve', '--port', '0'], ['migrate'], ['accounts', 'list']]) {
          const { code, stderr, stdout } = await run([...command, '--data', data], { env })
          assert.equal(code, exitCodes.storeRefused, stderr)
          assert.match(
            stderr,
            /migrated by a newer Mortise \(9999-from-the-future\)\. Start that version again/,
          )
          assert.equal(stdout, '')
        }
        assert.deepEqual([await tables(session), await names()], before)
        const { status } = await call(served.address, 'GET', '/v2/integrations/', { key })
        assert.equal(status, 200, 'who served before goes on')
      } finally {
        await served.stop()
      }
    }))

  test('of the next version may add columns, indexes and tables while this one serves: no request fails', () =>
    onDatabase(async (session, env, data) => {
      const served = await start('serve', ['--data', data], env)
      const key = keyIn(served.output().stdout)
      const failed: string[] = []
      const server: Asked = {
        async send(method, path, body, id) {
          const headers = id === undefined ? {} : keyOf(id)
          const answer = await call(served.address, method, path, { key, body, headers })
          if (answer.status >= 400) failed.push(`${method} ${path}: ${answer.status} ${answer.text}`)
          const list = await call(served.address, 'GET', '/v2/integrations/', { key })
          if (list.status !== 200) failed.push(`list: ${list.status} ${list.text}`)
          return answer
        },
        rows: async (query) => (await session.query(query)).rows,
      }
      const working = startClients(server, 4)
      try {
        for (const table of await tables(session)) {
          const before = working.count()
          await session.query('begin')
          await session.query(`select pg_advisory_xact_lock(${schemaLock})`)
          await session.query(`alter table ${table} add column of_the_next_version text`)
          await session.query(`create index on ${table} (of_the_next_version)`)
          await session.query(`create table of_the_next_${table} (account_id bigint)`)
          await wait(20)
          await session.query('commit')
          await until('more was acknowledged', () => working.count() > before + 4)
        }
      } finally {
        await working.stop()
        await served.stop()
      }
      assert.deepEqual(failed, [])
      assert.deepEqual(await historyFaults(server, working), [])
    }))
})
