// Started on PostgreSQL: it waits for a server that is not there yet, and refuses one that it cannot rely on.
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { freePort, keyIn, keyLine, newHome, runJson, until } from '../support/command-line.ts'
import { administer, newDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Folders, run, start } from '../support/process.ts'
import { startProxy } from '../support/tcp-proxy.ts'

let home: Folders
let database: TestDatabase
before(async () => {
  home = newHome()
  database = await newDatabase()
})
after(async () => {
  home.remove()
  await database.remove()
})

const envWith = (env: NodeJS.ProcessEnv) => ({ ...home.env, MORTISE_PG_WAIT: '0', ...env })
const data = () => ['--data', home.data]

/** The same address with a part changed. */
function changed(url: string, change: (url: URL) => void): string {
  const other = new URL(url)
  change(other)
  return other.href
}

describe('a database that is not there', { concurrency: 3 }, () => {
  test('is waited for, while the port says so; once it is there, it is served', async () => {
    const [port, databasePort] = [await freePort(), await freePort()]
    const own = await newDatabase()
    const DATABASE_URL = changed(own.url, (url) => {
      url.port = String(databasePort)
    })
    const env = envWith({ DATABASE_URL, MORTISE_PG_WAIT: '30' })
    const starting = start('serve', ['--port', String(port), ...data()], env)
    const address = `http://127.0.0.1:${port}`
    await until('the port answers', () =>
      fetch(`${address}/healthz`).then(
        () => true,
        () => false,
      ),
    )
    assert.equal((await call(address, 'GET', '/healthz')).status, 200)
    for (const path of ['/readyz', '/v2/integrations/', '/api/v1/integrations', '/nothing']) {
      const { status, headers, body } = await call(address, 'GET', path)
      assert.deepEqual([status, headers.get('retry-after')], [503, '1'])
      assert.equal(Object(body).code, 'storage_unavailable')
    }
    await until('it says what it waits for', async () => {
      const { body } = await call(address, 'GET', '/readyz')
      return Object(body).reasons[0].detail === 'The database cannot be reached yet.'
    })
    const proxy = await startProxy(own.url, databasePort)
    const served = await starting
    try {
      const { stderr, stdout } = served.output()
      assert.match(
        stderr,
        /PostgreSQL cannot be reached at 127\.0\.0\.1:\d+\/\w+: .*Waiting up to 30 seconds/,
      )
      assert.equal(stderr.split('Waiting').length, 2, 'said once')
      const key = keyIn(stdout)
      assert.equal((await call(served.address, 'GET', '/v2/integrations/', { key })).status, 200)
      assert.ok(!`${stdout}${stderr}`.includes('mortise:mortise@'), 'the password is in no message')
    } finally {
      await served.stop()
      await proxy.close()
      await own.remove()
    }
  })

  const refusals: Record<string, { change(url: URL): void; says: RegExp }> = {
    'whose server does not run': {
      change: (url) => {
        url.port = '9'
      },
      says: /PostgreSQL cannot be reached at 127\.0\.0\.1:9\/\w+: .*ECONNREFUSED.* Start it, or correct DATABASE_URL\./,
    },
    'of another name': {
      change: (url) => {
        url.pathname = '/absent'
      },
      says: /refuses: database "absent" does not exist\. Make it with: create database/,
    },
    'with another password': {
      change: (url) => {
        url.password = 'CANARY-password'
      },
      says: /refuses: password authentication failed .* Correct the user and the password in DATABASE_URL/,
    },
    'without the TLS that is asked for': {
      change: (url) => {
        url.search = '?sslmode=verify-full'
      },
      says: /refuses: The server does not support SSL connections\. Correct DATABASE_URL\./,
    },
    'whose certificate file is not there': {
      change: (url) => {
        url.search = '?sslmode=verify-full&sslrootcert=/nowhere/ca.pem'
      },
      says: /refuses: ENOENT.*\/nowhere\/ca\.pem/,
    },
  }
  for (const [name, { change, says }] of Object.entries(refusals)) {
    test(`${name} is refused in one line, with what to do`, async () => {
      const DATABASE_URL = changed(database.url, change)
      for (const args of [
        ['serve', '--port', '0'],
        ['accounts', 'list'],
      ]) {
        const { code, stderr, stdout } = await run([...args, ...data()], { env: envWith({ DATABASE_URL }) })
        assert.equal(code, exitCodes.storeRefused, stderr)
        assert.match(stderr, says)
        assert.equal(stdout, '')
        assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
        assert.ok(!stderr.includes('CANARY') && !stderr.includes('mortise:mortise'), stderr)
      }
    })
  }

  test('yet is waited for as long as it was told to, and then told', async () => {
    const DATABASE_URL = changed(database.url, (url) => {
      url.port = '9'
    })
    const begun = performance.now()
    const env = envWith({ DATABASE_URL, MORTISE_PG_WAIT: '1' })
    const { code, stderr } = await run(['serve', '--port', '0', ...data()], { env })
    assert.equal(code, exitCodes.storeRefused)
    assert.match(stderr, /Waited 1 seconds \(MORTISE_PG_WAIT\)/)
    assert.ok(performance.now() - begun > 1_000)
  })
})

describe('a database that cannot be relied on', () => {
  test('because the role may make no tables is refused', async () => {
    const own = await newDatabase()
    const role = `role_${own.url.slice(-12)}`
    await administer(`create role ${role} login password 'p'`)
    try {
      const DATABASE_URL = changed(own.url, (url) => {
        url.username = role
        url.password = 'p'
      })
      const { code, stderr } = await run(['serve', '--port', '0', ...data()], {
        env: envWith({ DATABASE_URL }),
      })
      assert.equal(code, exitCodes.storeRefused)
      assert.match(stderr, /may make no tables in the schema public\. Run, as its owner: grant create/)
    } finally {
      await own.remove()
      await administer(`drop role ${role}`)
    }
  })

  test('because of its encoding, or since it holds somebody else’s tables, is refused and left alone', async () => {
    const latin = 'latin_database'
    await administer(
      `create database ${latin} encoding 'LATIN1' locale_provider libc locale 'C' template template0`,
    )
    const foreign = await newDatabase()
    try {
      await administer('create table theirs (id int)', new URL(foreign.url).pathname.slice(1))
      for (const [url, says] of [
        [
          changed(foreign.url, (url) => {
            url.pathname = `/${latin}`
          }),
          /its encoding is LATIN1\. Make one with: create database … encoding 'UTF8'/,
        ],
        [foreign.url, /belongs to something else/],
      ] as const) {
        const env = envWith({ DATABASE_URL: url })
        const { code, stderr } = await run(['serve', '--port', '0', ...data()], { env })
        assert.equal(code, exitCodes.storeRefused, stderr)
        assert.match(stderr, says)
      }
      assert.ok(!existsSync(join(home.env.XDG_CONFIG_HOME ?? '', 'mortise', 'absent.key')))
    } finally {
      await foreign.remove()
      await administer(`drop database ${latin}`)
    }
  })

  test('since it may lose what was answered is served, with a warning for each setting', async () => {
    const own = await newDatabase()
    const name = new URL(own.url).pathname.slice(1)
    await administer(`alter database ${name} set synchronous_commit = off`)
    const served = await start('serve', data(), envWith({ DATABASE_URL: own.url }))
    try {
      const warnings = () => served.output().stderr
      await until('the warnings are logged', () => warnings().includes('synchronous_commit=off'))
      // The run's own server has nothing to lose.
      for (const setting of ['fsync=off', 'full_page_writes=off']) assert.ok(warnings().includes(setting))
    } finally {
      await served.stop()
      await own.remove()
    }
  })
})

describe('several processes', () => {
  test('that start at once on an empty database make one store with one account, and all serve it', async () => {
    const own = await newDatabase()
    const env = envWith({ DATABASE_URL: own.url, MORTISE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') })
    const served = await Promise.all([1, 2, 3].map(() => start('serve', data(), env)))
    try {
      const keys = served.flatMap(({ output }) => keyLine.exec(output().stdout)?.[0] ?? [])
      assert.equal(keys.length, 1, 'one has made the first account, and shows its key')
      for (const { address } of served) {
        const { status, body } = await call(address, 'GET', '/v2/integrations/', { key: keys[0] })
        assert.deepEqual([status, Object(body).count], [200, 1])
      }
      const { accounts } = await runJson({ data: home.data, env }, ['accounts', 'list'])
      assert.equal(Object(accounts).length, 1)
    } finally {
      for (const one of served) await one.stop()
      await own.remove()
    }
  })

  test('with key folders of their own: one has the key, and the others are told where it is missing', async () => {
    const own = await newDatabase()
    const homes = [newHome(), newHome()]
    const outcomes = await Promise.allSettled(
      homes.map(({ env, data }) =>
        start('serve', ['--data', data], { ...env, MORTISE_PG_WAIT: '0', DATABASE_URL: own.url }),
      ),
    )
    try {
      const [won, ...others] = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value] : [],
      )
      assert.ok(won && others.length === 0, 'one serves')
      const lost = outcomes.find((outcome) => outcome.status === 'rejected')
      assert.match(String(lost?.reason), /The master key of this store is missing/)
      const files = homes.flatMap(({ env }) => {
        const folder = join(env.XDG_CONFIG_HOME ?? '', 'mortise')
        return existsSync(folder) ? readdirSync(folder) : []
      })
      assert.equal(files.length, 1, 'no key that belongs to nothing is left')
    } finally {
      for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value.stop()
      for (const { remove } of homes) remove()
      await own.remove()
    }
  })

  test('the command line works beside them, and a key that it revokes stops working within 5 seconds', async () => {
    const env = envWith({ DATABASE_URL: database.url })
    const served = await start('serve', data(), env)
    try {
      const made = await runJson({ data: home.data, env }, [
        'keys',
        'create',
        '--account',
        '1',
        '--name',
        'x',
      ])
      const key = String(made.api_key ?? made.key)
      const get = () => call(served.address, 'GET', '/v2/integrations/', { key })
      assert.equal((await get()).status, 200, JSON.stringify(made))
      await runJson({ data: home.data, env }, ['keys', 'revoke', String(made.id), '--account', '1'])
      const begun = performance.now()
      await until('it is revoked everywhere', async () => (await get()).status === 401)
      assert.ok(performance.now() - begun < 5_000)
      const { applied } = await runJson({ data: home.data, env }, ['migrate'])
      assert.deepEqual(applied, [])
    } finally {
      await served.stop()
    }
  })

  test('commands make no store: an empty database is refused', async () => {
    const own = await newDatabase()
    try {
      const { code, stderr } = await run(['accounts', 'list', ...data()], {
        env: envWith({ DATABASE_URL: own.url }),
      })
      assert.deepEqual([code, /There is no store yet/.test(stderr)], [exitCodes.storeRefused, true])
    } finally {
      await own.remove()
    }
  })
})
