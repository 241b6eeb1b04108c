// The first start makes a store, a master key, an account and a key that works; later starts open them.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { readConfig } from '../../src/config.ts'
import { call } from '../support/api.ts'
import { keyIn, keyLine, newHome, snapshot } from '../support/command-line.ts'
import { run, start } from '../support/process.ts'

const modeOf = (file: string) => statSync(file).mode & 0o777

function storeIdOf(data: string): string {
  const db = new DatabaseSync(join(data, 'mortise.db'), { readOnly: true })
  const row = db.prepare("SELECT value FROM store WHERE name = 'store_id'").get()
  db.close()
  return String(row?.value)
}

describe('starting', { concurrency: true }, () => {
  test('the first start prints a key on a line of its own that works at once; later ones print none', async () => {
    const home = newHome()
    const first = await start('serve', ['--data', home.data], home.env)
    const { stdout } = first.output()
    const key = keyIn(stdout)
    assert.equal(stdout.split('\n').filter((line) => line === key).length, 1)

    const listed = await call(first.address, 'GET', '/v2/integrations/', { key })
    assert.equal(listed.status, 200)
    const { results } = listed.body as { results: Array<{ id: string; type: number }> }
    assert.deepEqual(
      results.map(({ id, type }) => ({ id, type })),
      [{ id: '1', type: 1 }],
    )

    assert.equal(modeOf(home.data), 0o700)
    for (const name of ['mortise.db', 'mortise.db-wal', 'mortise.db-shm']) {
      assert.equal(modeOf(join(home.data, name)), 0o600, name)
    }
    const keyDir = join(home.root, 'config', 'mortise')
    assert.deepEqual(readdirSync(keyDir), [`${storeIdOf(home.data)}.key`])
    const keyFile = join(keyDir, `${storeIdOf(home.data)}.key`)
    assert.equal(modeOf(keyFile), 0o600)
    assert.equal(Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64').length, 32)
    assert.ok(stdout.includes(keyFile), 'it says where the master key is')
    assert.ok(!stdout.includes(readFileSync(keyFile, 'utf8').trim()), 'it does not print the master key')
    assert.equal(await first.stop(), exitCodes.ok)
    const { stdout: said, stderr } = first.output()
    assert.ok(!stderr.includes(key), 'the key is not in the log')
    assert.equal(said.split('\n').filter((line) => line === key).length, 1)

    const second = await start('serve', ['--data', home.data], home.env)
    assert.ok(!keyLine.test(second.output().stdout))
    assert.ok(!second.output().stdout.includes('mrt_'))
    assert.equal((await call(second.address, 'GET', '/v2/integrations/1', { key })).status, 200)
    assert.equal(await second.stop(), exitCodes.ok)
    assert.ok(!keyLine.test(second.output().stdout))
    assert.deepEqual(Object.keys(snapshot(home.data)), ['lock.db', 'mortise.db'], 'a clean stop tidies up')
    home.remove()
  })

  test('without options, data is in ./data, the key below ~/.config, and loopback alone is served', async () => {
    const home = newHome()
    const { PATH, NODE_COMPILE_CACHE } = home.env
    const env = { PATH, NODE_COMPILE_CACHE, HOME: home.root, MORTISE_PORT: String(await heldPort()) }
    const refused = await run(['serve'], { env, cwd: home.root })
    assert.equal(refused.code, exitCodes.addressInUse)
    assert.match(refused.stderr, /--port/)
    assert.equal(refused.stdout, '')
    const storeId = storeIdOf(join(home.root, 'data'))
    assert.equal(modeOf(join(home.root, '.config', 'mortise', `${storeId}.key`)), 0o600)

    const served = await start('serve', ['--data', join(home.root, 'data')], env)
    assert.match(served.address, /^http:\/\/127\.0\.0\.1:/)
    const key = keyIn(served.output().stdout)
    assert.equal((await call(served.address, 'GET', '/v2/integrations/', { key })).status, 200)
    assert.equal(await served.stop('SIGINT'), exitCodes.ok)
    home.remove()
  })

  test('a master key from the environment is used, and no key file is written', async () => {
    const home = newHome()
    const env = { ...home.env, MORTISE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    const first = await start('serve', ['--data', home.data], env)
    keyIn(first.output().stdout)
    assert.ok(!first.output().stdout.includes(env.MORTISE_MASTER_KEY))
    assert.equal(await first.stop(), exitCodes.ok)
    assert.throws(() => statSync(join(home.root, 'config')), /ENOENT/)

    const hex = { ...home.env, MORTISE_MASTER_KEY: Buffer.alloc(32, 7).toString('hex') }
    const second = await start('serve', ['--data', home.data], hex)
    assert.equal(await second.stop(), exitCodes.ok)
    home.remove()
  })
})

test('the defaults are 127.0.0.1, port 3500 and ./data', () => {
  const { config } = readConfig({}, {})
  assert.deepEqual(
    { host: config.host, port: config.port, dataDir: config.dataDir, rateLimits: config.rateLimits },
    {
      host: '127.0.0.1',
      port: 3500,
      dataDir: join(process.cwd(), 'data'),
      rateLimits: { key: 0, account: 0 },
    },
  )
})

test('--port and --data win over the environment', () => {
  const { config } = readConfig(
    { MORTISE_PORT: '1', MORTISE_DATA_DIR: '/one' },
    { port: '65535', data: '/two' },
  )
  assert.deepEqual({ port: config.port, dataDir: config.dataDir }, { port: 65_535, dataDir: '/two' })
})

/** A port that is taken for as long as this file runs. */
async function heldPort(): Promise<number> {
  const server = createServer().unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
