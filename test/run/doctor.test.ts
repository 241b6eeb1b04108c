// The doctor: a line for everything that has to be right, with what mends it; on both engines.
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { duties } from '../../src/duties/index.ts'
import { startApi } from '../support/api.ts'
import { newHome, runJson, snapshot } from '../support/command-line.ts'
import { administer, newDatabase } from '../support/postgres.ts'
import { type Folders, run, start } from '../support/process.ts'

describe('the doctor', () => {
  let home: Folders
  const doctor = (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
    run(['--data', home.data, 'doctor', ...args], { env: { ...home.env, ...env } })
  before(async () => {
    home = newHome()
    const served = await start('serve', ['--data', home.data], home.env)
    await served.stop()
    const fields = JSON.stringify({ publishable_key: 'pk', secret_key: 'sk' })
    const args = ['--account', '1', '--integration', '1', '--provider', 'stripe', '--title', 't']
    await runJson(home, ['connections', 'create', ...args], fields)
  })
  after(() => home.remove())

  test('finds nothing where all is well, and changes nothing', async () => {
    const files = snapshot(home.root)
    const { code, stdout, stderr } = await doctor(['--deep'])
    assert.equal(code, exitCodes.ok, stdout + stderr)
    assert.match(stdout, /^ok +key +slot /m)
    assert.match(stdout, /^ok +audit +account 1: 3 records as written/m)
    assert.doesNotMatch(stdout, /WARN|FAIL/)
    const left = Object.entries(snapshot(home.root)).filter(([name]) => name.endsWith('mortise.db'))
    assert.deepEqual(
      left,
      Object.entries(files).filter(([name]) => name.endsWith('mortise.db')),
    )
  })

  test('names each thing that is wrong, with what mends it', async () => {
    const file = join(home.data, 'mortise.db')
    const change = (...statements: string[]) => {
      const db = new DatabaseSync(file)
      for (const statement of statements) db.exec(statement)
      db.close()
    }
    const copy = join(home.root, 'aside.db')
    copyFileSync(file, copy)
    const findings: Array<[() => void, RegExp, (readonly string[])?]> = [
      [
        () =>
          change(
            "delete from slot_keys where slot_id in (select id from key_slots where kind = 'recovery')",
            "delete from key_slots where kind = 'recovery'",
          ),
        /WARN +slots +no recovery code.*vault slots add recovery/,
      ],
      [
        () => change("update key_slots set proof = 'x' where kind = 'recovery'"),
        /FAIL +slots +slot \w+ was written by nobody.*slots remove/,
      ],
      [
        () => change("update audit set at = '2999-01-01T00:00:00.000000Z'"),
        /WARN +clock +the latest record is of 2999/,
      ],
      [
        () => change('update audit set action = action || action where sequence = 1'),
        /FAIL +audit +account 1: BROKEN at record 1/,
        ['--deep'],
      ],
      [
        () => change("delete from kysely_migration where name = '0009-vault'"),
        /FAIL +store +.*earlier version.*mortise migrate/,
      ],
      [
        () => change('pragma user_version = 1'),
        /FAIL +log +.*its write-ahead log .*mortise\.db-wal is not beside it.*restore a backup/,
      ],
      [
        () => {
          const bytes = readFileSync(file)
          writeFileSync(file, bytes.fill(0xff, 4_096 * 3, 4_096 * 3 + 64))
        },
        /FAIL +file +.*mortise\.db is damaged: .*Restore a backup/,
        ['--deep'],
      ],
      [
        () => change("update data_keys set wrapped = replace(wrapped, '.', '.x')"),
        /FAIL +values +account 1, connection 1, secret_key: .*Set it anew/,
        ['--deep'],
      ],
      [
        () => mkdirSync(join(home.data, 'loose'), { mode: 0o755 }),
        /WARN +files +others may read loose.*chmod/,
      ],
    ]
    for (const [spoil, says, args] of findings) {
      copyFileSync(copy, file)
      spoil()
      const { stdout, code } = await doctor(args)
      assert.match(stdout, says)
      assert.equal(code, stdout.includes('FAIL') ? exitCodes.failed : exitCodes.ok, stdout)
    }
    copyFileSync(copy, file)
    const noKey = await doctor([], { XDG_CONFIG_HOME: join(home.root, 'nothing') })
    assert.match(noKey.stdout, /^FAIL +key +The master key of this store is missing.*vault recover/m)
    for (const line of noKey.stdout.trimEnd().split('\n')) assert.match(line, /^(ok|WARN|FAIL) +\w+ /)
    const absent = await run(['--data', join(home.root, 'absent'), 'doctor'], home)
    assert.match(absent.stdout, /FAIL +store +There is no store/)
  })
})

test('the doctor asks the database itself what it is set to', async (t) => {
  const api = await startApi()
  t.after(() => api.close())
  assert.deepEqual((await duties.doctor.run(api.hub, {})).unsafe_settings, [])
  await sql`pragma secure_delete = off`.execute(api.db)
  const { unsafe_settings } = await duties.doctor.run(api.hub, {})
  assert.equal(unsafe_settings.length, 1)
  assert.match(String(unsafe_settings[0]), /secure_delete=0 instead of 1: what was deleted stays readable/)
})

test('a database that was copied in use without its log is told apart, by the doctor and by restoring', async () => {
  const home = newHome()
  const served = await start('serve', ['--data', home.data], home.env)
  const copied = { ...home, data: join(home.root, 'copied') }
  mkdirSync(copied.data, { mode: 0o700 })
  const alone = join(copied.data, 'mortise.db')
  copyFileSync(join(home.data, 'mortise.db'), alone)
  const whole = join(home.root, 'whole.db')
  const mortise = (of: Folders, ...args: string[]) => run(['--data', of.data, ...args], { env: home.env })
  assert.equal((await mortise(home, 'backup', whole)).code, exitCodes.ok)

  const doctor = await mortise(copied, 'doctor')
  assert.match(doctor.stdout, /^FAIL log +.*was in use when it was copied/m)
  assert.equal(doctor.code, exitCodes.failed)
  const elsewhere = { ...home, data: join(home.root, 'elsewhere') }
  const restored = await mortise(elsewhere, 'restore', alone)
  assert.equal(restored.code, exitCodes.storeRefused)
  assert.match(restored.stderr, /copied while it was in use, without its write-ahead log/)

  await served.stop('SIGKILL')
  const crashed = { ...home, data: join(home.root, 'crashed') }
  mkdirSync(crashed.data, { mode: 0o700 })
  for (const name of ['mortise.db', 'mortise.db-wal'])
    copyFileSync(join(home.data, name), join(crashed.data, name))
  const withLog = await mortise(elsewhere, 'restore', join(crashed.data, 'mortise.db'))
  assert.match(withLog.stderr, /write-ahead log beside it: this is a copy of a data folder/)
  assert.doesNotMatch((await mortise(crashed, 'doctor')).stdout, /FAIL/)
  assert.doesNotMatch((await mortise(crashed, 'doctor')).stdout, /FAIL/, 'it has worked the log in')
  for (const name of ['mortise.db', 'mortise.db-wal'])
    copyFileSync(join(home.data, name), join(crashed.data, name))
  rmSync(join(crashed.data, 'mortise.db-wal'))
  assert.match((await mortise(crashed, 'doctor')).stdout, /^FAIL log/m)
  const warned = await start('serve', ['--data', crashed.data], home.env)
  await warned.stop()
  assert.match(warned.output().stderr, /latest writes may be missing/, 'a start warns too')

  assert.equal((await mortise(elsewhere, 'restore', whole)).code, exitCodes.ok)
  assert.doesNotMatch((await mortise(elsewhere, 'doctor', '--deep')).stdout, /FAIL|WARN/)
  home.remove()
})

test('on PostgreSQL, the doctor names settings that may lose what was answered, and looks at every value', async () => {
  const [home, database] = [newHome(), await newDatabase()]
  const env = { ...home.env, DATABASE_URL: database.url, MORTISE_PG_WAIT: '0' }
  try {
    await administer(`alter database ${new URL(database.url).pathname.slice(1)} set synchronous_commit = off`)
    const served = await start('serve', ['--data', home.data], env)
    await served.stop()
    const args = ['--account', '1', '--integration', '1', '--provider', 'stripe', '--title', 't']
    const fields = JSON.stringify({ publishable_key: 'pk', secret_key: 'sk' })
    await runJson({ data: home.data, env }, ['connections', 'create', ...args], fields)
    const { code, stdout } = await run(['--data', home.data, 'doctor', '--deep'], { env })
    assert.equal(code, exitCodes.ok, stdout)
    // The run's own server has nothing to lose.
    for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
      assert.match(stdout, new RegExp(`^WARN database +PostgreSQL runs with ${name}=off.*Set it to on`, 'm'))
    }
    for (const says of [/^ok +schema /m, /^ok +key +slot/m, /^ok +clock/m, /^ok +values +1 value opened/m]) {
      assert.match(stdout, says)
    }
    assert.match(stdout, /^ok +audit +account 1: 3 records as written/m)
    assert.ok(!stdout.includes('mortise:mortise'), 'no password')
    const gone = await run(['doctor'], { env: { ...env, DATABASE_URL: 'postgres://a:CANARY@127.0.0.1:9/x' } })
    assert.match(gone.stdout, /^FAIL store +PostgreSQL cannot be reached/m)
    assert.ok(!`${gone.stdout}${gone.stderr}`.includes('CANARY'))
  } finally {
    await database.remove()
    home.remove()
  }
})
