// Backups: whole under load, for their owner alone, without a key or a secret in clear; restored only when verified.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { parseMasterKey } from '../../src/vault/master-key.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, snapshot } from '../support/command-line.ts'
import { spellingsOf } from '../support/idempotency.ts'
import { type Folders, run, type Served, start } from '../support/process.ts'

const canary = 'CANARY-in-no-backup-9f2c'

describe('a backup of a store that is served, under load', () => {
  let home: Folders
  let served: Served
  let key: string
  let file: string
  /** Acknowledged before the backup began. */
  const acknowledged = new Set<number>()
  const mortise = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    run(['--data', home.data, ...args], { env: { ...home.env, ...env } })

  before(async () => {
    home = newHome()
    served = await start('serve', ['--data', home.data], home.env)
    key = keyIn(served.output().stdout)
    const state = { isOver: false }
    const writing = [1, 2, 3, 4].map(async () => {
      while (!state.isOver) {
        const { status, body, text } = await call(served.address, 'POST', '/v2/connections/', {
          key,
          body: { provider: 'stripe', title: 't', fields: { publishable_key: 'pk', secret_key: canary } },
          headers: { 'integration-id': '1' },
        })
        assert.equal(status, 201, text)
        acknowledged.add(Object(body).id)
      }
    })
    while (acknowledged.size < 50) await new Promise((resolve) => setTimeout(resolve, 5))
    const before = new Set(acknowledged)
    file = join(home.root, 'backup.db')
    const { code, stderr, stdout } = await mortise(['backup', file])
    state.isOver = true
    await Promise.all(writing)
    assert.equal(code, exitCodes.ok, stderr)
    assert.ok(stdout.includes(file))
    for (const id of acknowledged) if (!before.has(id)) acknowledged.delete(id)
  })
  after(async () => {
    await served.stop()
    home.remove()
  })

  test('is whole, for its owner alone, and holds every write that was acknowledged before', () => {
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const db = new DatabaseSync(file, { readOnly: true })
    assert.deepEqual(Object.values(db.prepare('pragma integrity_check').get() ?? {}), ['ok'])
    const ids = new Set(
      db
        .prepare('select id from connections')
        .all()
        .map(({ id }) => Number(id)),
    )
    db.close()
    assert.ok(acknowledged.size >= 50)
    assert.deepEqual(
      [...acknowledged].filter((id) => !ids.has(id)),
      [],
    )
    assert.deepEqual(
      readdirSync(home.root).filter((name) => name.startsWith('backup.db')),
      ['backup.db'],
    )
  })

  test('has neither a key nor a secret in clear, in no spelling', () => {
    const bytes = readFileSync(file)
    const keyDir = join(home.root, 'config', 'mortise')
    const [name = ''] = readdirSync(keyDir)
    const master = readFileSync(join(keyDir, name), 'utf8').trim()
    const { fingerprint } = parseMasterKey(master, 'test')
    assert.ok(bytes.includes(fingerprint), 'it says what opens it')
    for (const text of [...spellingsOf(canary), master, Buffer.from(master, 'base64').toString('hex')]) {
      assert.ok(!bytes.includes(text), text)
    }
  })

  test('is verified to the last value, and restored into an empty folder, where everything opens', async () => {
    const files = snapshot(home.root)
    const verified = await mortise(['restore', '--verify', file])
    assert.equal(verified.code, exitCodes.ok, verified.stderr)
    assert.match(verified.stdout, /^\d+ values opened\.$/m)
    assert.match(verified.stdout, /^account 1: \d+ records as written\.$/m)
    assert.deepEqual(
      Object.keys(snapshot(home.root)).sort(),
      Object.keys(files).sort(),
      'nothing is left behind',
    )
    const elsewhere = join(home.root, 'restored')
    const { code, stderr } = await run(['--data', elsewhere, 'restore', file], home)
    assert.equal(code, exitCodes.ok, stderr)
    assert.equal(statSync(join(elsewhere, 'mortise.db')).mode & 0o777, 0o600)
    const again = await start('serve', ['--data', elsewhere], home.env)
    try {
      const { body } = await call(again.address, 'GET', '/api/v1/integrations', { key })
      assert.ok(Array.isArray(body) && body.length >= acknowledged.size)
      assert.ok(body.every(({ secret_key }) => secret_key === canary))
      const ask = (method: string, path: string, sent?: unknown) =>
        call(again.address, method, path, { key, body: sent, headers: { 'integration-id': '1' } })
      const fields = { publishable_key: 'pk', secret_key: 'new' }
      const made = await ask('POST', '/v2/connections/', { provider: 'stripe', title: 'n', fields })
      const path = `/v2/connections/${Object(made.body).id}/`
      assert.ok(Object(made.body).id > Math.max(...acknowledged), 'no number is given twice')
      const statuses = [
        made,
        await ask('PATCH', path, { fields: { secret_key: 'newer' } }),
        await ask('POST', `${path}restore/`, {}),
        await ask('GET', '/v2/audit/'),
        await ask('DELETE', `${path}?force=true`),
        await ask('GET', path),
      ].map(({ status }) => status)
      assert.deepEqual(statuses, [201, 200, 200, 200, 204, 404])
    } finally {
      await again.stop()
    }
  })

  test('is not restored with a wrong key, over a store, or where something is damaged', async () => {
    const empty = join(home.root, 'empty')
    const restore = (from: string, env: NodeJS.ProcessEnv = {}, to = empty) =>
      run(['--data', to, 'restore', from], { env: { ...home.env, ...env } })
    const wrong = await restore(file, {
      MORTISE_MASTER_KEY: Buffer.alloc(32, 3).toString('base64'),
      XDG_CONFIG_HOME: join(home.root, 'nothing'),
    })
    assert.equal(wrong.code, exitCodes.masterKeyRefused, wrong.stderr)
    const over = await restore(file, {}, home.data)
    assert.deepEqual([over.code, /is not empty/.test(over.stderr)], [exitCodes.storeRefused, true])

    const changed = (name: string, change: (bytes: Buffer) => Buffer) => {
      const path = join(home.root, name)
      writeFileSync(path, change(readFileSync(file)))
      return path
    }
    const cut = changed('cut.db', (bytes) => bytes.subarray(0, bytes.length / 2))
    const flipped = changed('flipped.db', (bytes) => {
      bytes.fill(0xff, 4_096 * 3, 4_096 * 3 + 64)
      return bytes
    })
    const text = changed('text.db', () => Buffer.from('this is no database'))
    for (const path of [cut, flipped, text, join(home.root, 'absent.db')]) {
      const { code, stderr } = await restore(path)
      assert.equal(code, exitCodes.storeRefused, `${path}: ${stderr}`)
    }
    const tampered = changed('tampered.db', (bytes) => bytes)
    const db = new DatabaseSync(tampered)
    db.exec(`update connection_secrets set sealed = replace(sealed, '.', '.x') where connection_uid in
      (select uid from connections where id = 7)`)
    db.exec('delete from audit where account_id = 1 and sequence = 5')
    db.close()
    const { code, stdout } = await restore(tampered)
    assert.equal(code, exitCodes.refused)
    assert.match(stdout, /DAMAGED: account 1, connection 7, secret_key/)
    assert.match(stdout, /account 1: BROKEN at record 5: it is missing/)
    assert.ok(!existsSync(join(empty, 'mortise.db')))
  })

  test('is refused where there is a file, in the data folder, and of a store that is not there', async () => {
    const before = readFileSync(file)
    for (const [args, says] of [
      [['backup', file], /already/],
      [['backup', join(home.data, 'copy.db')], /Name a file elsewhere/],
      [['--data', join(home.root, 'none'), 'backup', join(home.root, 'x.db')], /There is no store/],
      [['backup', join(home.root, 'no', 'such', 'folder.db')], /cannot be written/],
    ] as const) {
      const { code, stderr } = await mortise(args)
      assert.notEqual(code, exitCodes.ok)
      assert.match(stderr, says)
    }
    assert.deepEqual(readFileSync(file), before)
    assert.ok(!existsSync(join(home.root, 'x.db')))
  })
})
