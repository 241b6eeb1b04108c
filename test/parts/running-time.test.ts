// A limit on running time: over in time, and not over before what arrived during a stop could be read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { runningLimit } from '../../src/outbound/running-time.ts'

/** Nothing else runs meanwhile, as in a process that is stopped. */
const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

test('it is over in time', async () => {
  const { signal } = runningLimit(100, 20)
  assert.ok(!signal.aborted)
  await wait(400)
  assert.ok(signal.aborted)
  assert.equal(signal.reason.name, 'TimeoutError')
})

test('the time in which the process stood still does not count', async () => {
  const { signal, clear } = runningLimit(200, 20)
  await wait(30)
  standStill(500)
  await wait(0)
  assert.ok(!signal.aborted)
  await wait(1_000)
  assert.ok(signal.aborted)
  clear()
})

test('one that is not needed any more is never over', async () => {
  const { signal, clear } = runningLimit(40, 20)
  clear()
  await wait(200)
  assert.ok(!signal.aborted)
})
