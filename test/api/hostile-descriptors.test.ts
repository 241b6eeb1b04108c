// Clients that hold what a server has few of: file descriptors, and answers that nobody reads.
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { newAccount, startApi } from '../support/api.ts'
import { newFolders, start } from '../support/process.ts'

const isFull = process.env.TEST_SCALE === 'full'

test('a server out of file descriptors takes no new connections, goes on, and recovers when they are freed', async (t) => {
  const folders = newFolders()
  t.after(folders.remove)
  const server = await start('serve', ['--data', folders.data], folders.env, { descriptorsMax: 100 })
  t.after(() => server.stop('SIGKILL'))
  const key = /^mrt_\w+$/m.exec(server.output().stdout)?.[0] ?? ''
  const ask = async () => {
    const headers = { authorization: `Token ${key}`, connection: 'close' }
    return (await fetch(`${server.address}/v2/integrations/`, { headers })).status
  }
  assert.equal(await ask(), 200)

  const { port } = new URL(server.address)
  const open: Socket[] = []
  for (let n = 0; n < 200; n++) open.push(connect(Number(port), '127.0.0.1').on('error', () => undefined))
  const held = open[0]
  assert.ok(held)
  await wait(500)
  // One that was there before the flood is still served.
  held.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
  const [answer] = await Promise.race([
    new Promise<[Buffer]>((resolve) => held.once('data', (bytes) => resolve([bytes]))),
    wait(5_000).then(() => assert.fail('the first connection was forgotten')),
  ])
  assert.match(String(answer), /^HTTP\/1\.1 200/)
  assert.equal(server.child.exitCode, null)

  for (const socket of open) socket.destroy()
  let status: number | undefined
  for (let tries = 0; status !== 200 && tries < 50; tries++) {
    status = await ask().catch(() => undefined)
    if (status !== 200) await wait(100)
  }
  assert.equal(status, 200, server.output().stderr)
  assert.equal(await server.stop(), 0)
})

test('a client that reads no answers is let go after 65 s', {
  skip: !isFull && 'takes 70 s: only with TEST_SCALE=full',
}, async (t) => {
  const api = await startApi()
  t.after(() => api.close())
  const { key, id } = await newAccount(api)
  const caller = api.hub.callerFor(id)
  const [first] = (await api.hub.integrations.page(caller, { number: 1, size: 1 })).items
  assert.ok(first)
  const { uid: _uid, id: _id, type: _type, logo: _logo, createdAt: _c, updatedAt: _u, ...identity } = first
  for (let n = 0; n < 100; n++) {
    await api.hub.integrations.create(caller, { ...identity, name: `${n} ${'x'.repeat(200)}` })
  }
  const { port } = new URL(api.address)
  const socket = connect(Number(port), '127.0.0.1')
  socket.pause()
  const request = `GET /v2/integrations/?page_size=100 HTTP/1.1\r\nHost: a\r\nAuthorization: Token ${key}\r\n\r\n`
  socket.write(request.repeat(500))
  const startedAt = performance.now()
  // Who reads nothing does not hear of the end either, but for being told when writing.
  const probe = setInterval(() => socket.write('\r\n'), 3_000)
  await new Promise((resolve) => socket.once('close', resolve).once('error', resolve))
  clearInterval(probe)
  const tookS = (performance.now() - startedAt) / 1000
  assert.ok(tookS > 30 && tookS < 75, `let go after ${tookS.toFixed(0)} s`)
})
