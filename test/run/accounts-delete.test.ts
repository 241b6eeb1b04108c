// Deleting an account from the command line, and what a backup of before still holds of it.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, runJson } from '../support/command-line.ts'
import { type Folders, run, start } from '../support/process.ts'

const connect = (home: Folders, account: number, secret: string) =>
  runJson(
    home,
    [
      'connections',
      'create',
      '--account',
      String(account),
      '--integration',
      '1',
      '--provider',
      'stripe',
      '--title',
      't',
    ],
    JSON.stringify({ publishable_key: 'pk', secret_key: secret }),
  )
const remove = (home: Folders, args: readonly string[], input?: string) =>
  run(['accounts', 'delete', ...args, '--data', home.data], {
    env: home.env,
    ...(input !== undefined && { input }),
  })
const accountsOf = async (home: Folders) => {
  const { accounts } = await runJson(home, ['accounts', 'list'])
  return (accounts as Array<{ id: number }>).map(({ id }) => id)
}

test('an account is deleted once its number was typed again, through a server and without one', async () => {
  const home = newHome()
  const served = await start('serve', ['--data', home.data], home.env)
  const keys: unknown[] = []
  for (const name of ['one', 'two']) keys.push((await runJson(home, ['accounts', 'create', name])).api_key)
  await connect(home, 2, 'secret')
  const works = async (key: unknown) =>
    (await call(served.address, 'GET', '/v2/integrations/', { key: String(key) })).status
  for (const input of ['', '3\n', 'yes\n']) {
    const { code, stderr } = await remove(home, ['2'], input)
    assert.equal(code, exitCodes.refused)
    assert.match(stderr, /Account 2, one: 1 integration, 1 connection, .*Nothing was deleted/s)
  }
  assert.equal(await works(keys[0]), 200)
  const { code, stdout, stderr } = await remove(home, ['2'], '2\n')
  assert.equal(code, exitCodes.ok, stderr)
  assert.match(stdout, /^Account 2, one, is deleted: \d+ rows and its keys\.$/m)
  assert.equal(await works(keys[0]), 401, 'at once')
  assert.equal(await works(keys[1]), 200)
  assert.match((await remove(home, ['2', '--yes'])).stderr, /There is no account 2/)
  assert.equal(await served.stop(), exitCodes.ok)

  assert.equal((await remove(home, ['3', '--yes'])).code, exitCodes.ok)
  assert.deepEqual(await accountsOf(home), [1])
  assert.equal((await runJson(home, ['accounts', 'create', 'three'])).id, 4, 'no number comes twice')
  const { trails } = await runJson(home, ['audit', 'verify'])
  assert.ok((trails as Array<{ broken: unknown }>).every(({ broken }) => broken === null))
  const { code: checked, stdout: said } = await run(['--data', home.data, 'doctor', '--deep'], home)
  assert.equal(checked, exitCodes.ok, said)
  home.remove()
})

test('of a deleted account, a backup of before opens what it holds, and nothing that was sealed with a newer key', async () => {
  const home = newHome()
  const served = await start('serve', ['--data', home.data], home.env)
  keyIn(served.output().stdout)
  await served.stop()
  const { api_key: key } = await runJson(home, ['accounts', 'create', 'gone'])
  await connect(home, 2, 'older secret')
  const backup = join(home.root, 'old.db')
  const mortise = async (...args: string[]) => {
    const { code, stderr } = await run(['--data', home.data, ...args], home)
    assert.equal(code, exitCodes.ok, stderr)
  }
  await mortise('backup', backup)
  await mortise('vault', 'rotate', '--data')
  const newer = sealedIn(join(home.data, 'mortise.db'))
  await mortise('accounts', 'delete', '2', '--yes')

  const restored = { ...home, data: join(home.root, 'restored') }
  const { code, stderr } = await run(['--data', restored.data, 'restore', backup], home)
  assert.equal(code, exitCodes.ok, stderr)
  const secret = async () => {
    const again = await start('serve', ['--data', restored.data], home.env)
    try {
      return await call(again.address, 'GET', '/api/v1/integrations/1', { key: String(key) })
    } finally {
      await again.stop()
    }
  }
  assert.equal(Object((await secret()).body).secret_key, 'older secret')
  const db = new DatabaseSync(join(restored.data, 'mortise.db'))
  db.prepare('update connection_secrets set sealed = ? where account_id = 2').run(newer)
  db.close()
  const { status, body } = await secret()
  assert.deepEqual([status, Object(body).error], [500, 'secret_integrity_error'])
  home.remove()
})

function sealedIn(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true })
  const row = db.prepare('select sealed from connection_secrets where account_id = 2').get()
  db.close()
  return String(row?.sealed)
}
