// Asked to stop, a server finishes what it has begun, takes nothing new, and ends with status 0.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, listens, lives, newHome, repository, until } from '../support/command-line.ts'
import { type Folders, main, start } from '../support/process.ts'
import { openRaw, type RawConnection, requestText } from '../support/raw-http.ts'

const integration = (id: string) =>
  JSON.stringify({
    id,
    name: 'n',
    email: 'a@example.com',
    recipient: 'r',
    address_line_1: 'a',
    zip_code: 'z',
    city: 'c',
  })

/** A request that the server has admitted and whose body it waits for. */
async function halfSent(address: string, key: string, body: string): Promise<RawConnection> {
  const connection = await openRaw(address)
  const headers = [`Content-Length: ${body.length}`, 'Content-Type: application/json', 'Expect: 100-continue']
  connection.send(requestText('POST', '/v2/integrations/', { key, headers }))
  await connection.until(() => connection.received().startsWith('HTTP/1.1 100 '))
  return connection
}

const portOf = (address: string) => Number(new URL(address).port)
const stopsListening = (address: string) =>
  until('it listens no more', async () => !(await listens(portOf(address))))

describe('stopping', { concurrency: 2 }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal}: what is in flight is answered, idle connections are closed, and the status is 0`, async (t) => {
      const home = newHome()
      const served = await start('serve', ['--data', home.data], home.env)
      t.after(() => served.child.kill('SIGKILL'))
      const { address } = served
      const key = keyIn(served.output().stdout)
      const body = integration('in-flight')
      const [busy, asking, idle] = [
        await halfSent(address, key, body),
        await openRaw(address),
        await openRaw(address),
      ]
      asking.send('GET /readyz HTTP/1.1\r\nHost: mortise.test\r\n')
      idle.send(requestText('GET', '/healthz'))
      await idle.take()
      assert.equal((await call(address, 'GET', '/readyz')).status, 200)

      const ended = served.stop(signal)
      await stopsListening(address)
      await idle.closed()
      assert.equal(served.child.exitCode, null, 'it waits for what is in flight')
      asking.send('\r\n')
      const [notReady] = await asking.take()
      assert.equal(notReady?.status, 503, 'no longer ready')
      assert.equal(notReady?.headers.get('connection'), 'close')
      busy.send(body)
      const answers = await busy.closed()
      const last = answers.at(-1)
      assert.equal(last?.status, 201, busy.received())
      assert.equal(last?.headers.get('connection'), 'close')
      assert.equal(await ended, exitCodes.ok)
      assert.ok(!existsSync(join(home.data, 'holder.json')))

      if (signal === 'SIGTERM') {
        const again = await start('serve', ['--data', home.data], home.env)
        assert.equal((await call(again.address, 'GET', '/v2/integrations/in-flight', { key })).status, 200)
        assert.equal(await again.stop(), exitCodes.ok)
      }
      home.remove()
    })
  }

  test('a second signal, meant as such, ends it at once with another status', async (t) => {
    const home = newHome()
    const served = await start('serve', ['--data', home.data], home.env)
    t.after(() => served.child.kill('SIGKILL'))
    const key = keyIn(served.output().stdout)
    const busy = await halfSent(served.address, key, integration('never'))
    served.child.kill('SIGTERM')
    await stopsListening(served.address)
    await until('it ends', () => {
      served.child.kill('SIGTERM')
      return served.child.exitCode !== null
    })
    assert.notEqual(served.child.exitCode, exitCodes.ok)
    await busy.closed()
    home.remove()
  })

  test('nobody who reads its output is needed: it serves on, and stops with status 0', async (t) => {
    const home = newHome()
    const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--data', home.data], {
      env: { ...home.env, MORTISE_LOG_LEVEL: 'trace' },
      stdio: 'pipe',
    })
    t.after(() => child.kill('SIGKILL'))
    child.stdout.destroy()
    child.stderr.destroy()
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const holder = await holderOf(home)
    for (let request = 0; request < 20; request++) {
      assert.equal((await call(holder.address, 'GET', '/v2/integrations/')).status, 401)
    }
    child.kill('SIGTERM')
    assert.equal(await ended, exitCodes.ok)
    home.remove()
  })
})

type Holder = { pid: number; address: string }

/** Whom the data folder names as its holder, once that listens. */
async function holderOf({ data }: Pick<Folders, 'data'>): Promise<Holder> {
  let holder: Partial<Holder> = {}
  await until('the server listens', () => {
    try {
      holder = JSON.parse(readFileSync(join(data, 'holder.json'), 'utf8'))
    } catch {
      // Not there yet, or being written.
    }
    return holder.address !== undefined
  })
  const { pid, address } = holder
  if (pid === undefined || address === undefined) throw new Error('no holder')
  return { pid, address }
}

describe('npm start', { concurrency: 1 }, () => {
  for (const [name, signal, toGroup] of [
    ['SIGTERM to npm', 'SIGTERM', false],
    ['SIGINT to npm', 'SIGINT', false],
    ['Ctrl-C in a terminal, which every process hears', 'SIGINT', true],
  ] as const) {
    test(`${name}: what is in flight is answered, the status is 0, and no process stays behind`, async (t) => {
      const home = newHome()
      const path = `${join(repository, 'node_modules', '.bin')}:${home.env.PATH}`
      const child = spawn('npm', ['start', '--', '--port', '0', '--data', home.data], {
        cwd: repository,
        env: { ...home.env, PATH: path, npm_config_update_notifier: 'false' },
        stdio: 'pipe',
        detached: toGroup,
      })
      let stdout = ''
      child.stdout.on('data', (chunk) => {
        stdout += String(chunk)
      })
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
      const { pid, address } = await holderOf(home)
      t.after(() => lives(pid) && process.kill(pid, 'SIGKILL'))
      if (process.platform === 'linux')
        assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m)
      await until('the key is printed', () => stdout.includes('mrt_') && stdout.includes('curl'))
      const body = integration('through-npm')
      const busy = await halfSent(address, keyIn(stdout), body)

      if (toGroup) process.kill(-Number(child.pid), signal)
      else child.kill(signal)
      await stopsListening(address)
      busy.send(body)
      const answers = await busy.closed()
      assert.equal(answers.at(-1)?.status, 201, busy.received())
      assert.equal(await ended, exitCodes.ok, 'the status of npm')
      await until('the server is gone', () => !lives(pid))
      home.remove()
    })
  }
})
