// Hundreds of clients that send or read as slowly as they can: each is let go in time, and nobody else notices.
import assert from 'node:assert/strict'
import { readdirSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { call } from '../support/api.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { start } from '../support/process.ts'
import { requestText } from '../support/raw-http.ts'
import { integrationsPath } from '../support/v2.ts'

const each = 500
const json = 'Content-Type: application/json'
const head = `GET ${integrationsPath} HTTP/1.1\r\nHost: a\r\n`

/** Sends something every second until the server hangs up. @returns when that was */
async function letGoAfterMs(address: string, first: string, drop: string): Promise<number> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1').on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
  const begun = performance.now()
  let tookMs = Number.POSITIVE_INFINITY
  socket.once('close', () => {
    tookMs = performance.now() - begun
  })
  socket.resume()
  socket.write(first)
  while (tookMs === Number.POSITIVE_INFINITY && performance.now() - begun < 80_000) {
    await wait(1_000)
    if (drop !== '' && socket.writable) socket.write(drop)
  }
  socket.destroy()
  return tookMs
}

// The server's patience is part of the code, so this takes as long as it does.
const isFull = process.env.TEST_SCALE === 'full'
const skip =
  (!isFull && 'takes 70 s: only with TEST_SCALE=full') ||
  (process.platform !== 'linux' && 'counts connections in /proc')

test(`${each} slow clients of every kind are let go in time, and a healthy one is served throughout`, {
  skip,
}, async (t) => {
  const home = newHome()
  t.after(home.remove)
  const served = await start('serve', ['--data', home.data], { ...home.env, MORTISE_LOG_LEVEL: 'error' })
  t.after(() => served.stop('SIGKILL'))
  const { address, child } = served
  const key = keyIn(served.output().stdout)
  const openCount = () => {
    const folder = `/proc/${child.pid}/fd`
    const isSocket = (name: string) => {
      try {
        return readlinkSync(`${folder}/${name}`).startsWith('socket:')
      } catch {
        return false
      }
    }
    return readdirSync(folder).filter(isSocket).length
  }
  const before = openCount()

  const healthy = { isAsking: true, tookMs: [] as number[] }
  const asking = (async () => {
    for (; healthy.isAsking; await wait(20)) {
      const begun = performance.now()
      assert.equal((await call(address, 'GET', `${integrationsPath}1/`, { key })).status, 200)
      healthy.tookMs.push(performance.now() - begun)
    }
  })()

  const sent = (length: string) => requestText('POST', integrationsPath, { key, headers: [json, length] })
  const kinds = [
    { what: 'nothing at all', first: '', drop: '', withinMs: 15_000 },
    { what: 'headers drop by drop', first: head, drop: 'X-A: b\r\n', withinMs: 15_000 },
    { what: 'no body', first: sent('Content-Length: 4096'), drop: '', withinMs: 35_000 },
    { what: 'a body drop by drop', first: sent('Content-Length: 4096'), drop: ' ', withinMs: 35_000 },
    {
      what: 'chunks drop by drop',
      first: sent('Transfer-Encoding: chunked'),
      drop: '1\r\n \r\n',
      withinMs: 35_000,
    },
  ]
  const begun = performance.now()
  // Answers of which a few bytes a second are read.
  const readers = Array.from({ length: each }, (_, at) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1').on('error', () => undefined)
    socket.pause()
    const whole = requestText('GET', '/openapi.json')
    // Some ask for much more than the buffers between take.
    socket.write(whole.repeat(at % 25 === 0 ? 100 : 1))
    const reading = setInterval(() => socket.read(5), 1_000)
    socket.once('close', () => clearInterval(reading))
    return socket
  })
  try {
    const took = await Promise.all(
      kinds.map(({ first, drop }) =>
        Promise.all(Array.from({ length: each }, () => letGoAfterMs(address, first, drop))),
      ),
    )
    for (const [index, { what, withinMs }] of kinds.entries()) {
      const slowestMs = Math.max(...(took[index] ?? []))
      assert.ok(slowestMs <= withinMs + 1_000, `${what}: let go after ${Math.round(slowestMs)} ms`)
    }
    // The healthy one keeps a connection of its own.
    while (openCount() > before + 2 && performance.now() - begun < 80_000) await wait(250)
    const tookMs = performance.now() - begun
    assert.ok(tookMs <= 66_000, `who does not read was let go after ${Math.round(tookMs)} ms`)
  } finally {
    for (const socket of readers) socket.destroy()
    healthy.isAsking = false
    await asking
  }
  const sorted = healthy.tookMs.toSorted((a, b) => a - b)
  const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY
  assert.ok(sorted.length > 500, `only ${sorted.length} requests were served beside them`)
  assert.ok(p99Ms < 500, `the 99th of a hundred took ${Math.round(p99Ms)} ms`)
})
