// What a move is refused for, what it tells, and what becomes of one that was cut off while somebody meddled.
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { cutAt, killedAt, newStore, query } from '../support/moving.ts'
import { newDatabase, newSecuredDatabase, type TestDatabase } from '../support/postgres.ts'
import { run, start } from '../support/process.ts'

const few = { integrations: 20, connections: 5 }

describe('a move', () => {
  let own: Awaited<ReturnType<typeof newStore>>
  before(async () => {
    own = await newStore(few)
  })
  after(() => own.home.remove())

  /** Into a database that is gone afterwards. */
  const into = async (
    work: (database: TestDatabase) => Promise<void>,
    kind: 'empty' | 'migrated' | 'secured' = 'empty',
  ) => {
    const database = kind === 'secured' ? await newSecuredDatabase() : await newDatabase(kind)
    try {
      await work(database)
    } finally {
      await database.remove()
    }
  }

  test('tells what to do next, and neither a password nor a secret', () =>
    into(async ({ url }) => {
      const address = new URL(url)
      address.password = 'mortise'
      const { code, stdout, stderr } = await own.move(address.href)
      assert.equal(code, exitCodes.ok, stderr)
      assert.match(stdout, /^integrations +21 +[0-9a-f]{16}$/m)
      assert.match(stdout, /^5 sealed values opened/m)
      assert.match(stdout, /DATABASE_URL=postgres:\/\/… npm start/)
      assert.ok(!`${stdout}${stderr}`.includes(':mortise@'), stdout)
    }))

  test('by a role that row-level security binds ends with accounts kept apart, and is served so', () =>
    into(async ({ url, roleUrl = '' }) => {
      const rls = { MORTISE_PG_RLS: 'on' }
      const above = await own.move(url, [], rls)
      assert.equal(above.code, exitCodes.storeRefused)
      assert.match(above.stderr, /no effect on the role/)
      const { code, stderr } = await own.move(roleUrl, [], rls)
      assert.equal(code, exitCodes.ok, stderr)
      const [row] = await query(
        url,
        `select relforcerowsecurity as on from pg_class where relname = 'integrations'`,
      )
      assert.equal(row?.on, true)
      const served = await start('serve', ['--data', own.home.data], {
        ...own.env,
        ...rls,
        DATABASE_URL: roleUrl,
      })
      try {
        const { body } = await call(served.address, 'GET', '/v2/integrations/', { key: own.store.key })
        assert.equal(Object(body).count, few.integrations)
      } finally {
        await served.stop()
      }
    }, 'secured'))

  test('of a store that is served, or with a wrong key, is refused before anything is written', () =>
    into(async ({ url }) => {
      const served = await start('serve', ['--data', own.home.data], own.env)
      try {
        const held = await own.move(url)
        assert.equal(held.code, exitCodes.storeHeld)
        assert.match(held.stderr, /is in use by process \d+, .* Stop it first/)
      } finally {
        await served.stop()
      }
      const wrong = await own.move(url, [], { MORTISE_MASTER_KEY: Buffer.alloc(32, 3).toString('base64') })
      assert.equal(wrong.code, exitCodes.masterKeyRefused, wrong.stderr)
      assert.deepEqual(
        await query(url, `select from pg_class where relnamespace = 'public'::regnamespace`),
        [],
      )
    }))

  test('into a database that is not empty, or that no address was given of, is refused', async () => {
    const nowhere = await run(['move', '--data', own.home.data], { env: own.env })
    assert.deepEqual([nowhere.code, /--to postgres:/.test(nowhere.stderr)], [exitCodes.refused, true])
    await into(async ({ url }) => {
      await query(url, 'create table theirs (n int)')
      const theirs = await own.move(url)
      assert.equal(theirs.code, exitCodes.storeRefused)
      assert.match(theirs.stderr, /belongs to something else/)
    })
    await into(async ({ url }) => {
      const other = await newStore(few)
      assert.equal((await other.move(url)).code, exitCodes.ok)
      const { code, stderr } = await own.move(url, ['--anew'])
      assert.equal(code, exitCodes.storeRefused)
      assert.match(stderr, /there is a store in it/)
      other.home.remove()
    })
  })

  test('that is stopped by Ctrl-C ends in peace, and says that it can be taken up', () =>
    into(async ({ url }) => {
      const cut = { ...own, url, holding: 'connections' }
      const { code, said } = await cutAt('move/audit', cut, async (child) => child.kill('SIGINT'))
      assert.deepEqual([code, /^Stopped\. /m.test(said)], [exitCodes.stopped, true], said)
      const { code: done, stdout, stderr } = await own.move(url)
      assert.equal(done, exitCodes.ok, stderr)
      assert.match(stdout, /^Went on from \d+ rows of a move that was cut off\.$/m)
    }, 'migrated'))

  test('whose database goes away says so, and is taken up', () =>
    into(async ({ url }) => {
      const cut = { ...own, url, holding: 'connections' }
      const { code, said } = await cutAt('move/audit', cut, (_child, client) =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`,
        ),
      )
      assert.equal(code, exitCodes.storeRefused, said)
      assert.match(said, /PostgreSQL at \S+ went away .*run the same again, and it goes on from there/)
      assert.equal((await own.move(url)).code, exitCodes.ok)
    }, 'migrated'))

  test('that was cut off is not taken up with a store that has changed, unless it is begun anew', () =>
    into(async ({ url }) => {
      const { home, env } = own
      await killedAt('move/audit', { ...own, url, holding: 'connections' })
      const served = await start('serve', ['--data', home.data], env)
      await served.stop()
      const changed = await own.move(url)
      assert.equal(changed.code, exitCodes.storeRefused)
      assert.match(changed.stderr, /was opened by somebody since .* mortise move --anew/)
      const anew = await own.move(url, ['--anew'])
      assert.equal(anew.code, exitCodes.ok, anew.stderr)
      const again = await start('serve', ['--data', home.data], env)
      await again.stop()
      const late = await own.move(url)
      assert.equal(late.code, exitCodes.storeRefused, 'what was moved may be older than the old store now')
    }, 'migrated'))

  test('finds a row that is not what it was, names its table, and does not end', () =>
    into(async ({ url }) => {
      await query(
        url,
        `create function spoil() returns trigger language plpgsql as
          $$ begin new.title := 'spoilt'; return new; end $$`,
      )
      await query(
        url,
        'create trigger spoil before insert on connections for each row execute function spoil()',
      )
      const spoilt = await own.move(url)
      assert.equal(spoilt.code, exitCodes.storeRefused)
      assert.match(spoilt.stderr, /The rows of connections are not what the old store has/)
      await query(url, 'drop function spoil cascade')
      const anew = await own.move(url, ['--anew'])
      assert.equal(anew.code, exitCodes.ok, anew.stderr)
    }, 'migrated'))

  test('of a store whose process crashed takes what is in its log too', () =>
    into(async ({ url }) => {
      const served = await start('serve', ['--data', own.home.data], own.env)
      const body = { provider: 'stripe', title: 'late', fields: { publishable_key: 'pk', secret_key: 'sk' } }
      const headers = { 'integration-id': '1' }
      const made = await call(served.address, 'POST', '/v2/connections/', {
        key: own.store.key,
        body,
        headers,
      })
      assert.equal(made.status, 201, made.text)
      await served.stop('SIGKILL')
      const crashed = join(own.home.root, 'crashed')
      cpSync(own.home.data, crashed, { recursive: true })
      const { code, stderr } = await run(['move', '--to', url, '--data', crashed], { env: own.env })
      assert.equal(code, exitCodes.ok, stderr)
      const [row] = await query(url, `select count(*)::int as n from connections where title = 'late'`)
      assert.equal(row?.n, 1)
    }))
})
