// A store whose master key is wrong, missing or badly kept stays shut, and nothing of it is changed.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/store.ts'
import { MasterKeyRefused, parseMasterKey, readMasterKeyFile } from '../../src/vault/master-key.ts'
import { freePort, listens, newHome, snapshot } from '../support/command-line.ts'
import { type Finished, type Folders, run } from '../support/process.ts'

const ownKey = randomBytes(32)
const otherKey = randomBytes(32).toString('base64')
const ownFingerprint = parseMasterKey(ownKey.toString('base64'), 'test').fingerprint
const otherFingerprint = parseMasterKey(otherKey, 'test').fingerprint

type Made = Folders & { storeId: string; keyDir: string; keyFile: string }

/** A store sealed with `ownKey`, whose key file is where the first start puts it, or not there at all. */
async function newStore(options: { keyFile?: Buffer | undefined } = {}): Promise<Made> {
  const home = newHome()
  const keyDir = join(home.root, 'config', 'mortise')
  const secrets = { masterKey: parseMasterKey(ownKey.toString('base64'), 'test'), masterKeyFile: undefined }
  const store = await openStore({ dataDir: home.data, keyDir }, secrets, { mayCreate: true })
  await store.close()
  mkdirSync(keyDir, { recursive: true })
  const keyFile = join(keyDir, `${store.storeId}.key`)
  if (options.keyFile) writeFileSync(keyFile, options.keyFile.toString('base64'), { mode: 0o600 })
  return { ...home, storeId: store.storeId, keyDir, keyFile }
}

/** Serving is refused: quickly, with a reason, without a port, and with every file as it was. */
async function refusedServe(home: Folders, env: NodeJS.ProcessEnv, code: number): Promise<Finished> {
  const files = snapshot(home.root)
  const port = await freePort()
  let ended = false
  let opened = false
  const look = async () => {
    while (!ended) {
      opened = (await listens(port)) || opened
      await wait(20)
    }
  }
  const startedAt = performance.now()
  const looking = look()
  const finished = await run(['serve', '--port', String(port), '--data', home.data], {
    env: { ...home.env, ...env },
  })
  const tookMs = performance.now() - startedAt
  ended = true
  await looking
  assert.equal(finished.code, code, finished.stderr)
  assert.equal(opened, false, 'no port was opened')
  assert.equal(finished.stdout, '')
  assert.match(finished.stderr, /^mortise: /)
  assert.ok(!/^\s+at /m.test(finished.stderr), `a reason, no stack: ${finished.stderr}`)
  assert.ok(tookMs - startMs < 3_000, `it took ${tookMs} ms where a start takes ${startMs}`)
  assert.deepEqual(snapshot(home.root), files, 'no file was changed, made or removed')
  for (const secret of [ownKey.toString('base64'), otherKey]) assert.ok(!finished.stderr.includes(secret))
  home.remove()
  return finished
}

/** What a start takes on this machine now, with nothing to do. */
let startMs = 0

describe('a store stays shut and unchanged', { concurrency: 2 }, () => {
  before(async () => {
    const startedAt = performance.now()
    const home = newHome()
    await run(['--version'], home)
    startMs = performance.now() - startedAt
    home.remove()
  })

  test('with a wrong master key, and the message names both fingerprints', async () => {
    const store = await newStore()
    const { stderr } = await refusedServe(store, { MORTISE_MASTER_KEY: otherKey }, exitCodes.masterKeyRefused)
    assert.match(stderr, /wrong master key/i)
    assert.ok(stderr.includes(ownFingerprint) && stderr.includes(otherFingerprint), stderr)
  })

  test('without its master key, and the message names its fingerprint and where it was looked for', async () => {
    const store = await newStore()
    const { stderr } = await refusedServe(store, {}, exitCodes.masterKeyRefused)
    assert.ok(stderr.includes(ownFingerprint), stderr)
    assert.ok(stderr.includes('MORTISE_MASTER_KEY'), stderr)
    assert.ok(stderr.includes(store.keyFile), stderr)
    assert.ok(!existsSync(store.keyFile))
  })

  test('when the environment and the key file disagree, whichever of them is right', async () => {
    const store = await newStore({ keyFile: ownKey })
    const { stderr } = await refusedServe(store, { MORTISE_MASTER_KEY: otherKey }, exitCodes.masterKeyRefused)
    assert.match(stderr, /disagree\. This store knows the one of the file: unset MORTISE_MASTER_KEY/)
    const other = await newStore({ keyFile: Buffer.from(otherKey, 'base64') })
    const own = { MORTISE_MASTER_KEY: ownKey.toString('base64') }
    const swapped = await refusedServe(other, own, exitCodes.masterKeyRefused)
    assert.match(swapped.stderr, /knows the one of the environment: move the key file away/)
  })

  test('when others may read the key file', async () => {
    const store = await newStore({ keyFile: ownKey })
    chmodSync(store.keyFile, 0o644)
    const { stderr } = await refusedServe(store, {}, exitCodes.masterKeyRefused)
    assert.ok(stderr.includes(`chmod 600 ${store.keyFile}`), stderr)
  })

  test('when the key file holds 31 bytes', async () => {
    const store = await newStore({ keyFile: ownKey.subarray(1) })
    const { stderr } = await refusedServe(store, {}, exitCodes.masterKeyRefused)
    assert.ok(stderr.includes(store.keyFile), stderr)
  })

  test('when the key file that the environment names lies in the data folder', async () => {
    const store = await newStore()
    const file = join(store.data, 'master.key')
    writeFileSync(file, ownKey.toString('base64'), { mode: 0o600 })
    const { stderr } = await refusedServe(store, { MORTISE_MASTER_KEY_FILE: file }, exitCodes.configRefused)
    assert.ok(stderr.includes(file), stderr)
  })

  test('when MORTISE_MASTER_KEY holds 31 bytes', async () => {
    const store = await newStore()
    const short = ownKey.subarray(1).toString('base64')
    const { stderr } = await refusedServe(store, { MORTISE_MASTER_KEY: short }, exitCodes.configRefused)
    assert.ok(!stderr.includes(short), 'the message does not repeat it')
  })
})

test('a first start that would put the key into the data folder makes neither key nor store', async () => {
  const home = newHome()
  const env = { ...home.env, XDG_CONFIG_HOME: join(home.data, 'config') }
  const { code, stdout, stderr } = await run(['serve', '--port', '0', '--data', home.data], { env })
  assert.ok(code === exitCodes.masterKeyRefused || code === exitCodes.configRefused, `${code} ${stderr}`)
  assert.equal(stdout, '')
  assert.match(stderr, /data folder/)
  assert.ok(!existsSync(join(home.data, 'config')))
  home.remove()
})

describe('what is a master key', () => {
  const bad = {
    '31 bytes in base64': randomBytes(31).toString('base64'),
    '33 bytes in base64': randomBytes(33).toString('base64'),
    '31 bytes in hex': randomBytes(31).toString('hex'),
    'zeros in base64': Buffer.alloc(32).toString('base64'),
    'zeros in hex': Buffer.alloc(32).toString('hex'),
    'base64 with a stray character': `${randomBytes(32).toString('base64').slice(0, 20)}!${randomBytes(32).toString('base64').slice(21)}`,
    'base64 without its end': randomBytes(32).toString('base64').slice(0, -1),
    'base64 with bits too many': `${randomBytes(32).toString('base64').slice(0, -2)}B=`,
    'no more than blanks': ' ',
  }
  for (const [name, text] of Object.entries(bad)) {
    test(`${name}: refused from the environment and from a file, without being repeated`, () => {
      const home = newHome()
      const file = join(home.root, 'some.key')
      writeFileSync(file, text, { mode: 0o600 })
      const refusal = (error: unknown) => {
        assert.ok(error instanceof Error)
        assert.ok(text === ' ' || !error.message.includes(text))
        return true
      }
      assert.throws(() => readConfig({ MORTISE_MASTER_KEY: text }, { data: home.data }), refusal)
      assert.throws(() => readConfig({ MORTISE_MASTER_KEY_FILE: file }, { data: home.data }), refusal)
      assert.throws(() => readMasterKeyFile(file, home.data), MasterKeyRefused)
      home.remove()
    })
  }

  test('32 bytes in base64 and in hex are the same key; a line end is no part of it', () => {
    const bytes = randomBytes(32)
    const texts = [
      bytes.toString('base64'),
      `${bytes.toString('base64')}\n`,
      bytes.toString('hex').toUpperCase(),
    ]
    const fingerprints = texts.map((text) => parseMasterKey(text, 'test').fingerprint)
    assert.equal(new Set(fingerprints).size, 1)
    assert.notEqual(parseMasterKey(randomBytes(32).toString('hex'), 'test').fingerprint, fingerprints[0])
  })

  for (const mode of [0o640, 0o604, 0o660, 0o644, 0o700]) {
    const isRefused = mode !== 0o700
    test(`a key file of mode ${mode.toString(8)} is ${isRefused ? 'refused' : 'read'}`, () => {
      const home = newHome()
      const file = join(home.root, 'some.key')
      writeFileSync(file, otherKey)
      chmodSync(file, mode)
      if (isRefused) assert.throws(() => readMasterKeyFile(file, home.data), MasterKeyRefused)
      else assert.equal(readMasterKeyFile(file, home.data)?.fingerprint, otherFingerprint)
      home.remove()
    })
  }

  for (const name of ['master.key', 'deep/er/master.key', '..master.key']) {
    test(`a key file ${name} in the data folder is refused`, () => {
      const home = newHome()
      const file = join(home.data, name)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, otherKey, { mode: 0o600 })
      assert.throws(() => readMasterKeyFile(file, home.data), MasterKeyRefused)
      home.remove()
    })
  }
})
