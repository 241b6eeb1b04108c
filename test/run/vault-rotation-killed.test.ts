// A rotation that dies at any moment, while others read and write: every value opens, and no read ever fails.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createHub } from '../../src/app.ts'
import { askControl, controlPath } from '../../src/duties/control.ts'
import type { RotationPart } from '../../src/hub/data-rotation.ts'
import { openStore } from '../../src/store.ts'
import { newMasterKey } from '../../src/vault/master-key.ts'
import { call } from '../support/api.ts'
import { newHome, runJson } from '../support/command-line.ts'
import { newDatabase } from '../support/postgres.ts'
import { type Folders, main, run, type Served, start } from '../support/process.ts'
import { newConnection } from '../support/sample-connections.ts'

const isFull = process.env.TEST_SCALE === 'full'
const connections = 600
const atOnce = 20
const masterKey = newMasterKey('the test')

type Store = { storeId: string; key: string; env: NodeJS.ProcessEnv }

/** More values than one transaction seals anew, so that there is a middle. */
async function makeStore(home: Folders, databaseUrl?: string): Promise<Store> {
  const postgres = {
    name: 'test',
    connectionsMax: 5,
    rowSecurity: undefined,
    namesStatements: true,
    waitS: 0,
  }
  const keyDir = join(home.root, 'config', 'mortise')
  const places = { dataDir: home.data, keyDir, ...(databaseUrl !== undefined && { postgres }) }
  const secrets = { masterKey, masterKeyFile: undefined, databaseUrl }
  const store = await openStore(places, secrets, { mayCreate: true })
  const { db, keyRing, storeId } = store
  const hub = createHub({ db, keyRing, rateLimits: { key: 0, account: 0 } })
  const { made } = await hub.accounts.createWithKey(null, { id: 1, name: 'n' })
  const create = (at: number) =>
    newConnection({ hub }, 1, {
      provider: 'amazon',
      id: at + 1,
      fields: { secret_access_key: `secret-${at}` },
    })
  for (let at = 0; at < connections; at += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, more) => create(at + more)))
  }
  await store.close()
  const env = {
    ...home.env,
    MORTISE_MASTER_KEY: masterKey.key.export().toString('base64'),
    MORTISE_LOG_LEVEL: 'error',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  }
  return { storeId, key: made.text, env }
}

/** What each connection's secret is, or may be: the last value that was acknowledged, and one that was not. */
type Known = Map<number, Set<string>>

/** Reads and changes until it is told; where no server is, it waits for the next one. */
async function keepAsking(
  server: () => Served,
  key: string,
  known: Known,
  state: { isOver: boolean },
): Promise<number> {
  let reads = 0
  for (let round = 0; !state.isOver; round++) {
    const { address } = server()
    const id = 1 + (round % connections)
    try {
      if (round % 3 === 0) {
        const value = `changed-${round}`
        known.get(id)?.add(value)
        const body = { fields: { secret_access_key: value } }
        const headers = { 'integration-id': '1' }
        const answer = await call(address, 'PATCH', `/v2/connections/${id}/`, { key, body, headers })
        assert.equal(answer.status, 200, answer.text)
        known.set(id, new Set([value]))
      } else {
        const { status, text, body } = await call(address, 'GET', `/api/v1/integrations/${id}`, { key })
        assert.equal(status, 200, text)
        assert.ok(known.get(id)?.has(String(Object(body).secret_access_key)), text)
        reads++
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      // Nobody listens, or the server was killed before it answered.
      await wait(5)
    }
  }
  return reads
}

async function expectAllReadable(address: string, key: string, known: Known): Promise<void> {
  // Others change values while the list is on its way: it may show what was known before, or is known after.
  const before = new Map([...known].map(([id, values]) => [id, new Set(values)]))
  const { status, body, text } = await call(address, 'GET', '/api/v1/integrations', { key })
  assert.equal(status, 200, text.slice(0, 500))
  assert.ok(Array.isArray(body) && body.length === connections)
  for (const { id, secret_access_key } of body) {
    const isKnown = before.get(id)?.has(secret_access_key) || known.get(id)?.has(secret_access_key)
    assert.ok(isKnown, `${id}: ${secret_access_key}`)
  }
}

function initiallyKnown(): Known {
  return new Map(Array.from({ length: connections }, (_, at) => [at + 1, new Set([`secret-${at}`])]))
}

async function leftToDo(home: Folders, env: NodeJS.ProcessEnv): Promise<{ isResumed: unknown }> {
  const { data } = home
  // Its own `--data` stands behind the command, the folder before it.
  const { stdout } = await runHere(['--data', data, 'vault', 'rotate', '--data', '--plan', '--json'], env)
  return JSON.parse(stdout)
}

async function runHere(args: readonly string[], env: NodeJS.ProcessEnv) {
  const finished = await run(args, { env })
  assert.equal(finished.code, 0, finished.stderr)
  return finished
}

const killsOfServer = isFull ? 100 : 4

test(`the server is killed ${killsOfServer} times while it rotates, under load`, async () => {
  const home = newHome()
  const { storeId, key, env } = await makeStore(home)
  const known = initiallyKnown()
  const begin = () => start('serve', ['--data', home.data], env)
  let served = await begin()
  const state = { isOver: false }
  const asking = keepAsking(() => served, key, known, state)
  try {
    for (let killed = 0; killed < killsOfServer; killed++) {
      const socket = controlPath(home.data, storeId)
      const rotating = rotate(socket).catch(() => undefined)
      await wait(Math.random() * 250)
      await served.stop('SIGKILL')
      await rotating
      served = await begin()
      await expectAllReadable(served.address, key, known)
    }
    await runJson({ data: home.data, env }, ['audit', 'verify'])
    await runHere(['--data', home.data, 'vault', 'rotate', '--data'], env)
    assert.equal((await leftToDo(home, env)).isResumed, false)
    state.isOver = true
    assert.ok((await asking) > 10)
  } finally {
    state.isOver = true
    await Promise.allSettled([asking])
    await served.stop()
    home.remove()
  }
})

/** All accounts, by the server that listens here, as the command does it. */
async function rotate(socket: string): Promise<void> {
  await askControl(socket, 'vault rotate data begin', {})
  let rest: RotationPart['rest'] | undefined
  do {
    const part = (await askControl(socket, 'vault rotate data step', {
      account: 1,
      ...(rest && { rest }),
    })) as RotationPart
    rest = part.rest
  } while (rest)
  await askControl(socket, 'vault rotate data end', {})
}

const killsOfCommand = isFull ? 20 : 2

test(`on PostgreSQL, the rotating command is killed ${killsOfCommand} times beside a node that serves`, async () => {
  const [home, database] = [newHome(), await newDatabase()]
  const { key, env } = await makeStore(home, database.url)
  const known = initiallyKnown()
  const served = await start('serve', ['--data', home.data], env)
  const state = { isOver: false }
  const asking = keepAsking(() => served, key, known, state)
  try {
    for (let killed = 0; killed < killsOfCommand; killed++) {
      const args = [main, '--data', home.data, 'vault', 'rotate', '--data']
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
      const ended = new Promise((resolve) => child.once('close', resolve))
      // It says what it does, and begins.
      await new Promise((resolve) => child.stdout.once('data', resolve))
      await wait(Math.random() * 300)
      child.kill('SIGKILL')
      await ended
      await expectAllReadable(served.address, key, known)
    }
    await runHere(['--data', home.data, 'vault', 'rotate', '--data'], env)
    assert.equal((await leftToDo(home, env)).isResumed, false)
    await expectAllReadable(served.address, key, known)
    state.isOver = true
    assert.ok((await asking) > 10)
  } finally {
    state.isOver = true
    await Promise.allSettled([asking])
    await served.stop()
    await database.remove()
    home.remove()
  }
})

test('a rotation that is told to stop by Ctrl-C finishes its part, says so, and is taken up by the next one', async () => {
  const home = newHome()
  const { env } = await makeStore(home)
  const args = [main, '--data', home.data, 'vault', 'rotate', '--data']
  let said = ''
  // Where this process is slow, the rotation may be done before it hears of it.
  for (let attempt = 0; attempt < 5 && !said.includes('Stopped'); attempt++) {
    said = ''
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout.once('data', () => child.kill('SIGINT'))
    child.stdout.on('data', (chunk) => {
      said += String(chunk)
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    assert.equal(code, said.includes('Stopped') ? 130 : 0, said)
  }
  assert.match(said, /Stopped, after \d+ values were sealed anew\..*running it again takes it up/)
  assert.equal((await leftToDo(home, env)).isResumed, true)
  const { stdout } = await runHere(['--data', home.data, 'vault', 'rotate', '--data'], env)
  assert.match(stdout, /An earlier rotation was cut off.*Sealed anew: \d+ values of 1 account/s)
  assert.equal((await leftToDo(home, env)).isResumed, false)
  home.remove()
})
