// Accounts, keys and connections from the command line, against a stopped store and through a running server.
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { accountScopes } from '../../src/hub/caller.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, repository, runJson, until } from '../support/command-line.ts'
import { newDatabase } from '../support/postgres.ts'
import { type Folders, run, type Served, start } from '../support/process.ts'

const imported = 'a-key-of-the-older-system'
const stripeFields = '{"publishable_key":"pk_CANARY","secret_key":"sk_CANARY"}'

/** What the command line does, and what it says in JSON and in words; the same wherever the store is open. */
async function useCommands(home: Folders): Promise<{ account: number; firstKey: string; keyId: string }> {
  const made = await runJson(home, [
    'accounts',
    'create',
    'Moved in',
    '--id',
    '7',
    '--email',
    'a@example.com',
  ])
  assert.partialDeepStrictEqual(made, { id: 7, name: 'Moved in' })
  assert.match(String(made.api_key), /^mrt_[0-9A-Za-z]{49}$/)
  const words = await run(
    [
      'keys',
      'create',
      '--account',
      '7',
      '--name',
      'reader',
      '--scopes',
      'connections:read',
      '--data',
      home.data,
    ],
    home,
  )
  assert.equal(words.code, exitCodes.ok, words.stderr)
  keyIn(words.stdout)

  const taken = await runJson(home, ['keys', 'import', '--account', '7', '--name', 'old'], `${imported}\n`)
  assert.deepEqual(taken.scopes, accountScopes)
  assert.ok(!JSON.stringify(taken).includes(imported), 'an imported key is not repeated')

  const connection = ['connections', 'create', '--account', '7', '--integration', '1', '--provider', 'stripe']
  const times = ['--id', '40', '--created-at', '2017-04-25T22:00:47.047560']
  const connected = await runJson(home, [...connection, '--title', 'Shop', ...times], stripeFields)
  const { warnings, ...made40 } = connected
  assert.deepEqual(made40, { id: 40, provider: 'stripe', title: 'Shop' })
  assert.equal((warnings as string[]).length, 2, 'keys of an unusual shape are doubted, and taken')
  assert.ok(!JSON.stringify(warnings).includes('CANARY'))
  const { stdout } = await run(['connections', 'list', '--account', '7', '--data', home.data], home)
  assert.match(stdout, /^40 +1 +stripe +Shop +2017-04-25T22:00:47\.047560Z$/m)
  assert.ok(!stdout.includes('CANARY'))

  const { keys } = await runJson(home, ['keys', 'list', '--account', '7'])
  const listed = keys as Array<{ id: string; name: string; scopes: string[] }>
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['first key', 'reader', 'old'],
  )
  assert.deepEqual(listed[1]?.scopes, ['connections:read'])
  assert.ok(!JSON.stringify(keys).includes(imported))
  return { account: 7, firstKey: String(made.api_key), keyId: String(taken.id) }
}

async function v1List({ address }: Served, key: string) {
  return call(address, 'GET', '/api/v1/integrations', { key })
}

const shop = {
  id: 40,
  title: 'Shop',
  account_id: 7,
  created_at: '2017-04-25T22:00:47.047560',
  updated_at: '2017-04-25T22:00:47.047560',
  publishable_key: 'pk_CANARY',
  secret_key: 'sk_CANARY',
}

describe('the command line', { concurrency: true }, () => {
  test('through a running server: everything works, and a revoked key is refused at once', async () => {
    const home = newHome()
    // A path too long for a socket's address: the socket then lies elsewhere.
    const long = { ...home, data: join(home.root, 'a-folder-with-a-long-name-'.repeat(4)) }
    await useBeside(long, async (holds) => assert.ok(await holds()))
    home.remove()
  })

  test('beside a node on PostgreSQL: everything works, and a revoked key is refused within 5 seconds', async () => {
    const home = newHome()
    const database = await newDatabase()
    const env = { ...home.env, DATABASE_URL: database.url }
    await useBeside({ ...home, env }, async (holds) => {
      const begun = performance.now()
      await until('it is refused', holds)
      assert.ok(performance.now() - begun < 5_000)
    })
    assert.ok(!existsSync(home.data), 'nothing is in a folder')
    await database.remove()
    home.remove()
  })

  /** @param soon how soon the server has to know what a command has changed */
  async function useBeside(
    home: Folders,
    soon: (holds: () => Promise<boolean>) => Promise<void>,
  ): Promise<void> {
    const { data } = home
    const served = await start('serve', ['--data', data], home.env)
    keyIn(served.output().stdout)
    const { firstKey, keyId } = await useCommands(home)
    for (const key of [firstKey, imported]) {
      const { status, body } = await v1List(served, key)
      assert.equal(status, 200)
      assert.partialDeepStrictEqual(body, [shop])
    }
    const revoked = await runJson(home, ['keys', 'revoke', keyId, '--account', '7'])
    assert.deepEqual(revoked, { id: keyId, revoked: true })
    await soon(async () => (await v1List(served, imported)).status === 401)
    assert.equal((await v1List(served, firstKey)).status, 200)

    const of7 = ['--account', '7']
    const operator = await runJson(home, ['keys', 'create', ...of7, '--scopes', 'operator'])
    const accounts = (key: unknown) => call(served.address, 'GET', '/v2/accounts/', { key: String(key) })
    assert.equal((await accounts(operator.api_key)).status, 200, 'the first key of an operator')
    const rolled = await runJson(home, ['keys', 'roll', String(operator.id), ...of7, '--grace', '0'])
    await soon(async () => (await accounts(operator.api_key)).status === 401)
    assert.equal((await accounts(rolled.api_key)).status, 200)
    const ranges = ['--addresses', '192.0.2.1,2001:db8::/32']
    const elsewhere = await runJson(home, ['keys', 'create', ...of7, ...ranges])
    assert.equal((await v1List(served, String(elsewhere.api_key))).status, 401)
    const rules = ['get,POST /v1/charges /v1/customers/*', '* /v1/own/**']
    const written = ['GET,POST /v1/charges /v1/customers/*', '* /v1/own/**']
    const limited = await runJson(home, ['keys', 'create', ...of7, '--proxy', ...rules])
    assert.deepEqual(limited.proxy, written)
    const id = String(limited.id)
    const narrowed = await runJson(home, ['keys', 'limit', id, ...of7, '--proxy', 'GET /v1/charges'])
    assert.deepEqual([narrowed.id, narrowed.proxy], [id, ['GET /v1/charges']])
    assert.deepEqual((await runJson(home, ['keys', 'limit', id, ...of7])).proxy, null)
    await runJson(home, ['keys', 'revoke', id, ...of7])
    const { keys } = await runJson(home, ['keys', 'list', ...of7])
    assert.partialDeepStrictEqual((keys as Array<{ id: unknown }>).filter((key) => key.id !== id).slice(-3), [
      { id: operator.id, state: 'revoked', addresses: null },
      { id: rolled.id, state: 'active', scopes: ['operator'] },
      { id: elsewhere.id, state: 'active', addresses: ['192.0.2.1', '2001:db8::/32'] },
    ])

    const again = await run(['keys', 'revoke', 'no-such-key', '--account', '7', '--data', data], home)
    assert.equal(again.code, exitCodes.refused, again.stderr)
    assert.equal(again.stdout, '')
    assert.equal(await served.stop(), exitCodes.ok)
    const { stdout, stderr } = served.output()
    for (const text of ['CANARY', imported, firstKey]) assert.ok(!`${stdout}${stderr}`.includes(text))
  }

  test('on a stopped store: everything works, and a server started afterwards knows it', async () => {
    const home = newHome()
    const made = await start('serve', ['--data', home.data], home.env)
    assert.equal(await made.stop(), exitCodes.ok)
    const { firstKey, keyId } = await useCommands(home)
    assert.equal(
      (await run(['keys', 'revoke', keyId, '--account', '7', '--data', home.data], home)).code,
      exitCodes.ok,
    )
    const served = await start('serve', ['--data', home.data], home.env)
    assert.ok(!served.output().stdout.includes('mrt_'))
    assert.partialDeepStrictEqual((await v1List(served, firstKey)).body, [shop])
    assert.equal((await v1List(served, imported)).status, 401)
    const openapi = await call(served.address, 'GET', '/openapi.json')
    const printed = await run(['openapi'], home)
    assert.equal(printed.code, exitCodes.ok)
    assert.deepEqual(JSON.parse(printed.stdout), openapi.body, 'openapi prints what the server serves')
    assert.equal(await served.stop(), exitCodes.ok)

    const migrated = await runJson(home, ['migrate'])
    assert.deepEqual(migrated, { applied: [] })
    home.remove()
  })

  test('openapi --check passes on the written document and fails on another one', async () => {
    const home = newHome()
    const other = join(home.root, 'openapi.json')
    writeFileSync(other, '{}\n')
    const [right, wrong] = await Promise.all([
      run(['openapi', '--check', join(repository, 'docs', 'openapi.json')], home),
      run(['openapi', '--check', other], home),
    ])
    assert.equal(right.code, exitCodes.ok, right.stderr)
    assert.equal(wrong.code, exitCodes.failed)
    assert.match(wrong.stderr, /--write/)
    home.remove()
  })
})
