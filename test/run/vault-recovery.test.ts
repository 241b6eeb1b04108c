// The drill: the key file is gone, the recovery code is in hand. Done as the printed words say.
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import type { Db } from '../../src/storage/database.ts'
import { openPostgres } from '../../src/storage/postgres.ts'
import { openSqlite } from '../../src/storage/sqlite.ts'
import { newRecoveryCode } from '../../src/vault/recovery-code.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, runJson, snapshot } from '../support/command-line.ts'
import { makeOldStore } from '../support/old-store.ts'
import { newDatabase, type TestDatabase } from '../support/postgres.ts'
import { type Folders, run, start } from '../support/process.ts'

const canary = 'CANARY-kept-through-the-drill'

/** As it is printed: the code on the line that says so. */
function codeIn(stdout: string): string {
  const [, code = ''] = /^Recovery code: (\S+)$/m.exec(stdout) ?? []
  assert.match(code, /^(\w{4}-){7}\w{4}$/, stdout)
  return code
}

type Made = { key: string; code: string; keyFile: string }

/** A first start, and a secret. */
async function firstStart(home: Folders, env: NodeJS.ProcessEnv): Promise<Made> {
  const served = await start('serve', ['--data', home.data], env)
  const { stdout } = served.output()
  const key = keyIn(stdout)
  const [, keyFile = ''] = /^Master key: the key file (.+)$/m.exec(stdout) ?? []
  await served.stop()
  const args = ['connections', 'create', '--account', '1', '--integration', '1', '--provider', 'stripe']
  const fields = JSON.stringify({ publishable_key: 'pk', secret_key: canary })
  await runJson({ data: home.data, env }, [...args, '--title', 't'], fields)
  return { key, code: codeIn(stdout), keyFile }
}

async function expectServed(home: Folders, env: NodeJS.ProcessEnv, key: string): Promise<void> {
  const served = await start('serve', ['--data', home.data], env)
  try {
    const { body, text } = await call(served.address, 'GET', '/api/v1/integrations/1', { key })
    assert.equal(Object(body).secret_key, canary, text)
  } finally {
    await served.stop()
  }
}

for (const engine of ['SQLite', 'PostgreSQL']) {
  describe(`on ${engine}, with the key file deleted`, () => {
    let home: Folders
    let database: TestDatabase | undefined
    let env: NodeJS.ProcessEnv
    let made: Made
    /** What the refused start says to run. */
    let printed: string[]
    const mortise = (args: readonly string[], input?: string) =>
      run(['--data', home.data, ...args], { env, ...(input !== undefined && { input }) })
    before(async () => {
      home = newHome()
      database = engine === 'PostgreSQL' ? await newDatabase() : undefined
      env = { ...home.env, ...(database && { DATABASE_URL: database.url }) }
      made = await firstStart(home, env)
      rmSync(made.keyFile)
    })
    after(async () => {
      await database?.remove()
      home.remove()
    })

    test('a start is refused, and says what opens the store and what to do', async () => {
      const files = snapshot(home.root)
      const { code, stderr } = await mortise(['serve', '--port', '0'])
      assert.equal(code, exitCodes.masterKeyRefused)
      assert.match(stderr, /master key of this store is missing/)
      assert.match(stderr, /recovery +fingerprint [\w-]+, made \d{4}-/)
      const [, words = ''] = /in hand: npm run -s mortise -- (.+)$/m.exec(stderr) ?? []
      printed = words.split(' ')
      assert.deepEqual(printed.slice(-2), ['vault', 'recover'])
      assert.ok(stderr.includes(made.keyFile))
      if (engine === 'SQLite') assert.deepEqual(snapshot(home.root), files)
    })

    if (engine === 'SQLite') {
      test('a mistyped code, or another store’s, is told so, and nothing is made', async () => {
        const mistyped = made.code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
        for (const [code, says, exit] of [
          [mistyped, /character of this recovery code is wrong/, exitCodes.refused],
          ['', /has 32 letters and digits/, exitCodes.refused],
          [newRecoveryCode(), /recovery code opens no slot of this store/, exitCodes.masterKeyRefused],
        ] as const) {
          const { code: ended, stderr } = await mortise(['vault', 'recover'], `${code}\n`)
          assert.equal(ended, exit, stderr)
          assert.match(stderr, says)
          assert.ok(!existsSync(made.keyFile))
        }
      })
    }

    test('the code makes a new key file, which opens everything; the code stays', async () => {
      const { code, stdout, stderr } = await run(printed, { env, input: `${made.code.toLowerCase()}\n` })
      assert.equal(code, exitCodes.ok, stderr)
      assert.ok(stdout.includes(made.keyFile), stdout)
      assert.equal(statSync(made.keyFile).mode & 0o777, 0o600)
      await expectServed(home, env, made.key)
      const again = await mortise(['vault', 'recover'], made.code)
      assert.equal(again.code, exitCodes.refused)
      assert.match(again.stderr, /Nothing is lost/)
      const tested = await mortise(['vault', 'slots', 'test', 'recovery'], made.code)
      assert.equal(tested.code, exitCodes.ok, tested.stderr)
      assert.ok(!`${stdout}${stderr}${tested.stdout}`.includes(made.code))
    })

    test('the lost key is shut out as the words say, and a rotation makes what it knew worthless', async () => {
      const { slots } = await runJson({ data: home.data, env }, ['vault', 'slots', 'list'])
      const lost = (slots as Array<Record<string, unknown>>).find(
        ({ kind, isInUse }) => kind === 'key' && isInUse === false,
      )
      assert.ok(lost)
      for (const args of [
        ['vault', 'slots', 'remove', String(lost.id)],
        ['vault', 'rotate'],
        ['audit', 'verify'],
      ]) {
        const { code, stderr } = await mortise(args)
        assert.equal(code, exitCodes.ok, `${args.join(' ')}: ${stderr}`)
      }
      await expectServed(home, env, made.key)
    })

    if (engine === 'SQLite') {
      test('a key file of another store in its place is not overwritten', async () => {
        const aside = `${made.keyFile}.aside`
        renameSync(made.keyFile, aside)
        const other = Buffer.alloc(32, 9).toString('base64')
        writeFileSync(made.keyFile, other, { mode: 0o600 })
        const { code, stderr } = await mortise(['vault', 'recover'], made.code)
        assert.equal(code, exitCodes.refused)
        assert.match(stderr, /is another store’s. Move it away/)
        assert.equal(readFileSync(made.keyFile, 'utf8'), other)
        const fromEnvironment = { ...env, MORTISE_MASTER_KEY: other }
        rmSync(made.keyFile)
        const refused = await run(['vault', 'recover', '--data', home.data], {
          env: fromEnvironment,
          input: made.code,
        })
        assert.match(refused.stderr, /Unset it/)
        assert.deepEqual(
          readdirSync(join(made.keyFile, '..')).filter((name) => name.endsWith('.key')),
          [],
        )
        renameSync(aside, made.keyFile)
        await expectServed(home, env, made.key)
      })
    }
  })
}

test('a passphrase opens the store where the key is gone, and slots are looked after from the command line', async () => {
  const home = newHome()
  const { env } = home
  const mortise = (args: readonly string[], input?: string, more: NodeJS.ProcessEnv = {}) =>
    run([...args, '--data', home.data], {
      env: { ...env, ...more },
      ...(input !== undefined && { input }),
    })
  try {
    const { key, keyFile } = await firstStart(home, env)
    const words = 'several words that nobody says'
    const added = await mortise(['vault', 'slots', 'add', 'passphrase'], `${words}\n`)
    assert.equal(added.code, exitCodes.ok, added.stderr)
    const second = join(home.root, 'second.key')
    assert.equal((await mortise(['vault', 'slots', 'add', 'key', '--file', second])).code, exitCodes.ok)
    assert.equal((await mortise(['vault', 'slots', 'test', 'key', '--file', second])).code, exitCodes.ok)
    rmSync(keyFile)
    await expectServed(home, { ...env, MORTISE_PASSPHRASE: words }, key)
    const file = join(home.root, 'passphrase')
    writeFileSync(file, `${words}\n`)
    await expectServed(home, { ...env, MORTISE_PASSPHRASE_FILE: file }, key)
    await expectServed(home, { ...env, MORTISE_MASTER_KEY_FILE: second }, key)
    const wrong = await mortise(['serve', '--port', '0'], undefined, {
      MORTISE_PASSPHRASE: 'not these words',
    })
    assert.equal(wrong.code, exitCodes.masterKeyRefused)
    assert.match(wrong.stderr, /The passphrase opens no slot/)
    assert.ok(!wrong.stderr.includes('not these words'))
    for (const [args, input, says] of [
      [['add', 'passphrase'], 'short', /12 characters/],
      [['add', 'nothing'], undefined, /no kind of slot "nothing"/],
      [['add', 'key'], undefined, /--file/],
      [['test', 'recovery'], newRecoveryCode(), /opens no slot/],
    ] as const) {
      const { code, stderr } = await mortise(['vault', 'slots', ...args], input, {
        MORTISE_MASTER_KEY_FILE: second,
      })
      assert.equal(code, exitCodes.refused, stderr)
      assert.match(stderr, says)
    }
  } finally {
    home.remove()
  }
})

for (const engine of ['SQLite', 'PostgreSQL']) {
  test(`on ${engine}, a store of the version before has a slot for its key after the next start, and loses nothing`, async () => {
    const home = newHome()
    const database = engine === 'PostgreSQL' ? await newDatabase() : undefined
    try {
      const old = database
        ? openPostgres({ url: database.url, connectionsMax: 2, hasRowSecurity: false })
        : openFile(home.data)
      const { key, masterKey } = await makeOldStore(old, canary)
      await old.destroy()
      const env = {
        ...home.env,
        MORTISE_MASTER_KEY: masterKey,
        ...(database && { DATABASE_URL: database.url }),
      }
      const wrong = await run(['serve', '--port', '0', '--data', home.data], {
        env: { ...env, MORTISE_MASTER_KEY: Buffer.alloc(32, 5).toString('base64') },
      })
      assert.equal(wrong.code, exitCodes.masterKeyRefused)
      await expectServed(home, env, key)
      const { slots } = await runJson({ data: home.data, env }, ['vault', 'slots', 'list'])
      assert.deepEqual(
        (slots as Array<Record<string, unknown>>).map(({ kind, isGenuine }) => [kind, isGenuine]),
        [['key', true]],
      )
      const served = await start('serve', ['--data', home.data], env)
      assert.match(served.output().stdout, /no recovery code.*\n.*vault slots add recovery/)
      await served.stop()
      for (const args of [
        ['vault', 'rotate'],
        ['vault', 'rotate', '--data'],
        ['audit', 'verify'],
      ]) {
        const { code, stderr } = await run(['--data', home.data, ...args], { env })
        assert.equal(code, exitCodes.ok, stderr)
      }
      await expectServed(home, env, key)
    } finally {
      await database?.remove()
      home.remove()
    }
  })
}

function openFile(dataDir: string): Db {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return openSqlite(join(dataDir, 'mortise.db'))
}
