// Clients that hold what a server has few of: file descriptors.
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { newFolders, start } from '../support/process.ts'

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
