// What the command line refuses: with a reason, the documented exit code, and never a secret in the message.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createHub, type Hub } from '../../src/app.ts'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { askControl, serveControl } from '../../src/duties/control.ts'
import { type DutyName, duties } from '../../src/duties/index.ts'
import { HubError } from '../../src/hub/errors.ts'
import { openStore, type Store } from '../../src/store.ts'
import { parseMasterKey } from '../../src/vault/master-key.ts'
import { newHome } from '../support/command-line.ts'
import { run } from '../support/process.ts'

const home = newHome()
const keyText = randomBytes(32).toString('base64')
const env = { ...home.env, MORTISE_MASTER_KEY: keyText }

async function open(): Promise<{ store: Store; hub: Hub }> {
  const secrets = { masterKey: parseMasterKey(keyText, 'test'), masterKeyFile: undefined }
  const store = await openStore({ dataDir: home.data, keyDir: join(home.root, 'none') }, secrets, {
    mayCreate: true,
  })
  return { store, hub: createHub({ ...store, rateLimits: { key: 0, account: 0 } }) }
}

describe('on a stopped store', { concurrency: 2 }, () => {
  before(async () => {
    const { store, hub } = await open()
    await duties['accounts create'].run(hub, { name: 'First' })
    await store.close()
  })

  const connect = ['connections', 'create', '--account', '1', '--integration', '1', '--title', 'T']
  const cases: Record<string, { args: string[]; code: readonly number[]; says?: RegExp }> = {
    'an option that there is not': {
      args: ['serve', '--prot', '1'],
      code: [exitCodes.usage],
      says: /--prot/,
    },
    'a key on the command line': {
      args: ['keys', 'import', '--account', '1', '--name', 'old', 'CANARY-key'],
      code: [exitCodes.usage],
    },
    'fields on the command line instead of a file’s name': {
      args: [...connect, '--provider', 'mailchimp', '--fields', '{"api_key":"CANARY"}'],
      code: [exitCodes.refused, exitCodes.usage],
    },
    'an account that there is not': {
      args: ['keys', 'create', '--account', '9', '--name', 'n'],
      code: [exitCodes.refused],
      says: /account 9/,
    },
  }
  for (const [name, { args, code, says }] of Object.entries(cases)) {
    test(`${name} is refused, with no stack and no secret in the message`, async () => {
      const data = join(home.root, 'not-used')
      const folder = args[0] === 'serve' ? data : home.data
      // Commands on one folder take turns, as people do.
      const { code: ended, stdout, stderr } = await turn(() => run([...args, '--data', folder], { env }))
      assert.ok(!stderr.includes('CANARY'), stderr)
      assert.ok(code.includes(Number(ended)), `${ended}: ${stderr}`)
      assert.equal(stdout, '')
      assert.ok(!/^\s+at /m.test(stderr), stderr)
      if (says) assert.match(stderr, says)
    })
  }

  test('a folder without a store is refused, and none is made', async () => {
    const { code, stderr } = await run(['keys', 'list', '--account', '1', '--data', join(home.root, 'x')], {
      env,
    })
    assert.equal(code, exitCodes.storeRefused)
    assert.match(stderr, /no store/)
  })

  test('a data folder that is a file is refused', async () => {
    const file = join(home.root, 'a-file')
    writeFileSync(file, '')
    const { code, stderr } = await run(['serve', '--port', '0', '--data', file], { env })
    assert.equal(code, exitCodes.storeRefused, stderr)
    assert.match(stderr, /a-file/)
    assert.match(stderr, /--data/)
  })
})

let last: Promise<unknown> = Promise.resolve()
function turn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = last.then(work)
  last = result.catch(() => undefined)
  return result
}

describe('through a running server', () => {
  const socket = join(home.root, 'control.sock')
  let stop: () => Promise<void>
  const canary = 'CANARY-CANARY-CANARY'
  const key = { account: 1, name: 'n' }
  const connection = { account: 1, integration: '1', provider: 'mailchimp', title: 'T', fields: '{}' }

  before(async () => {
    const { store, hub } = await open()
    const server = await serveControl(hub, socket)
    await duties['accounts create'].run(hub, { name: 'Second' })
    await duties['keys import'].run(hub, { ...key, text: 'an-imported-key' })
    await duties['connections create'].run(hub, { ...connection, id: 5 })
    stop = async () => {
      await new Promise((resolve) => server.close(resolve))
      await store.close()
    }
  })
  after(async () => {
    await stop()
    home.remove()
  })

  const refused: Record<string, [name: DutyName, input: object, says: RegExp]> = {
    'an account without a name': ['accounts create', { name: '' }, /name/],
    'an account’s number that is taken': ['accounts create', { name: 'n', id: 1 }, /account 1/],
    'an account’s number that is none': ['accounts create', { name: 'n', id: 0 }, /id/],
    'an account’s bad e-mail address': [
      'accounts create',
      { name: 'n', identity: { email: 'nowhere' } },
      /email/,
    ],
    'a scope that there is not': ['keys create', { ...key, scopes: ['all'] }, /all/],
    'an end in the past': ['keys create', { ...key, expires: '2001-01-01T00:00:00Z' }, /expires/],
    'an end that is no time': ['keys create', { ...key, expires: 'tomorrow' }, /expires/],
    'an integration to bind to that there is not': ['keys create', { ...key, integration: '99' }, /99/],
    'a key without a name': ['keys create', { ...key, name: '' }, /name/],
    'an imported key twice': ['keys import', { ...key, text: 'an-imported-key' }, /exists/],
    'an imported key for a second account': [
      'keys import',
      { ...key, account: 2, text: 'an-imported-key' },
      /exists/,
    ],
    'an imported key with a space': ['keys import', { ...key, text: `${canary} x` }, /key/],
    'an imported key that is empty': ['keys import', { ...key, text: '' }, /key/],
    'an imported key of our kind with a wrong checksum': [
      'keys import',
      { ...key, text: `mrt_${'a'.repeat(49)}` },
      /checksum/,
    ],
    'a key to revoke that there is not': ['keys revoke', { account: 1, id: 'none' }, /no key none/],
    'a provider that there is not': [
      'connections create',
      { ...connection, provider: 'acme' },
      /no such provider.+stripe/,
    ],
    'an integration that there is not': ['connections create', { ...connection, integration: '9' }, /"9"/],
    'a connection’s number that is taken': ['connections create', { ...connection, id: 5 }, /id/],
    'fields that are no JSON': [
      'connections create',
      { ...connection, fields: `{"api_key": ${canary}` },
      /JSON/,
    ],
    'fields that are no object': ['connections create', { ...connection, fields: `["${canary}"]` }, /object/],
    'a secret that is no string': [
      'connections create',
      { ...connection, fields: `{"api_key":{"a":"${canary}"}}` },
      /api_key/,
    ],
    'a secret of two lines': [
      'connections create',
      { ...connection, fields: `{"api_key":"${canary}\\n${canary}"}` },
      /api_key/,
    ],
    'a time of making that is none': [
      'connections create',
      { ...connection, createdAt: 'yesterday' },
      /created-at/,
    ],
    'another account’s list': ['connections list', { account: 99 }, /account 99/],
    'an account that is no number': ['keys list', { account: Number.NaN }, /account/],
    'fields that the provider has not': [
      'connections create',
      { ...connection, fields: `{"api_key":"${canary}","secret":"${canary}"}` },
      /secret/,
    ],
  }
  for (const [name, [duty, input, says]] of Object.entries(refused)) {
    test(`${name} is refused with the reason`, async () => {
      await assert.rejects(askControl(socket, duty, input), (error) => {
        assert.ok(error instanceof HubError, String(error))
        const told = `${error.message} ${JSON.stringify([...(error.details.fields ?? [])])}`
        assert.match(told, says)
        assert.ok(!told.includes(canary), told)
        assert.notEqual(error.code, 'internal', told)
        return true
      })
    })
  }

  test('a key of another account cannot be revoked, and stays', async () => {
    const list = await askControl(socket, 'keys list', { account: 2 })
    const [own] = (list as { keys: Array<{ id: string }> }).keys
    await assert.rejects(askControl(socket, 'keys revoke', { account: 1, id: own?.id }), HubError)
    const after = await askControl(socket, 'keys list', { account: 2 })
    assert.deepEqual(after, list)
  })
})
