// A full disk: writes are refused as such, reads go on, and writing works again once there is room.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { freePort, keyIn, newHome } from '../support/command-line.ts'
import { run, start } from '../support/process.ts'
import { samplesIn, total } from '../support/watching.ts'

/** Only root may mount a disk of its own; elsewhere the limit of SQLite itself stands in for it, in storage-store. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0

test('a full disk answers 503 storage_full to writes and 200 to reads, and needs no restart', async (t) => {
  const home = newHome()
  const disk = join(home.root, 'disk')
  mkdirSync(disk)
  const mounted = mayMount && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk]).status === 0
  if (!mounted) {
    home.remove()
    t.skip('a small disk cannot be mounted here')
    return
  }
  try {
    const data = join(disk, 'data')
    const port = String(await freePort())
    const served = await start('serve', ['--data', data], { ...home.env, MORTISE_METRICS_PORT: port })
    const counted = async (name: string, labels: Record<string, string> = {}) => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
      return total(samplesIn(await answer.text()), name, labels)
    }
    t.after(() => served.child.kill('SIGKILL'))
    const key = keyIn(served.output().stdout)
    const { address } = served
    const create = (id: string) => {
      const metadata = { text: 'x'.repeat(10_000) }
      const body = { id, name: id, email: 'a@example.com', recipient: 'r', metadata }
      const place = { address_line_1: 'a', zip_code: 'z', city: 'c' }
      return call(address, 'POST', '/v2/integrations/', { key, body: { ...body, ...place } })
    }
    assert.equal((await create('before')).status, 201)
    fill(join(disk, 'ballast'))

    const told: string[] = []
    let full = await create('full-0')
    for (let at = 1; full.status === 201 && at < 400; at++) {
      told.push(String(at - 1))
      full = await create(`full-${at}`)
    }
    assert.equal(full.status, 503, full.text)
    assert.deepEqual(full.body, { detail: 'The store has no room to write.' })
    const together = await Promise.all(Array.from({ length: 20 }, (_, at) => create(`together-${at}`)))
    for (const { status, text } of together) assert.equal(status, 503, text)
    assert.equal((await call(address, 'GET', '/v2/integrations/before', { key })).status, 200)
    const readiness = await call(address, 'GET', '/readyz')
    assert.equal(readiness.status, 200, 'reads go on')
    const detail = 'The store has no room to write; reading goes on.'
    assert.deepEqual(readiness.body, { status: 'ready', reasons: [{ check: 'writes', detail }] })
    assert.ok(((await counted('mortise_database_failures_total', { kind: 'full' })) ?? 0) >= 21)
    assert.equal(await counted('mortise_database_writes_refused'), 1)
    assert.ok(((await counted('mortise_disk_free_bytes')) ?? 1e9) < 1e6)

    rmSync(join(disk, 'ballast'))
    assert.equal((await create('after')).status, 201, 'without a restart')
    const { body: ready } = await call(address, 'GET', '/readyz')
    assert.deepEqual(ready, { status: 'ready', reasons: [] })
    assert.equal(await counted('mortise_database_writes_refused'), 0)
    const { body } = await call(address, 'GET', '/v2/integrations/?page_size=100&type=3', { key })
    const { count } = body as { count: number }
    assert.equal(count, told.length + 2, 'what was acknowledged is there, and nothing else')
    assert.equal(await served.stop(), exitCodes.ok)
  } finally {
    spawnSync('umount', ['-l', disk])
    home.remove()
  }
})

test('a backup onto a full disk is refused and leaves nothing; the store is as it was', async (t) => {
  const home = newHome()
  const disk = join(home.root, 'disk')
  mkdirSync(disk)
  const mounted =
    mayMount && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'none', disk]).status === 0
  if (!mounted) {
    home.remove()
    t.skip('a small disk cannot be mounted here')
    return
  }
  try {
    const served = await start('serve', ['--data', home.data], home.env)
    t.after(() => served.child.kill('SIGKILL'))
    const { code, stderr } = await run(['--data', home.data, 'backup', join(disk, 'b.db')], home)
    assert.equal(code, exitCodes.storeRefused, stderr)
    assert.match(stderr, /b\.db cannot be written: .*full.*Nothing was left behind/)
    assert.deepEqual(readdirSync(disk), [])
    const restored = ['--data', join(disk, 'data'), 'restore']
    const whole = join(home.root, 'whole.db')
    assert.equal((await run(['--data', home.data, 'backup', whole], home)).code, exitCodes.ok)
    assert.notEqual((await run([...restored, whole], home)).code, exitCodes.ok)
    assert.deepEqual(readdirSync(disk), [], 'nor does restoring')
    const key = keyIn(served.output().stdout)
    assert.equal((await call(served.address, 'GET', '/v2/integrations/', { key })).status, 200)
    assert.equal(await served.stop(), exitCodes.ok)
  } finally {
    spawnSync('umount', ['-l', disk])
    home.remove()
  }
})

/** Takes all the room that is left. */
function fill(file: string): void {
  try {
    for (;;) writeFileSync(file, Buffer.alloc(64 * 1_024), { flag: 'a' })
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'ENOSPC', String(error))
  }
}
