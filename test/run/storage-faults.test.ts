// What a disk and its other users may do to the store on a file: writes are told 503, reads go on, nothing acknowledged is lost.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { newHome, snapshot, until } from '../support/command-line.ts'
import { named } from '../support/idempotency.ts'
import { startOnFile } from '../support/killable.ts'
import { run, start } from '../support/process.ts'
import { historyFaults, startClients } from '../support/steady-clients.ts'
import { integrationsPath } from '../support/v2.ts'

const isFull = process.env.TEST_SCALE === 'full'
const isRoot = process.platform === 'linux' && process.getuid?.() === 0

describe('another process that holds the file', () => {
  const heldMs = isFull ? 10_000 : 3_000

  test(`for ${heldMs} ms: writes are told 503 within two seconds, reads and everything else go on`, async () => {
    const server = await startOnFile()
    const holder = new DatabaseSync(server.file)
    try {
      await server.send('POST', integrationsPath, named('before'))
      holder.exec('BEGIN IMMEDIATE')
      const endsAt = performance.now() + heldMs
      const readMs: number[] = []
      const reading = (async () => {
        while (performance.now() < endsAt) {
          const begun = performance.now()
          assert.equal((await server.send('GET', integrationsPath)).status, 200)
          readMs.push(performance.now() - begun)
          await wait(5)
        }
      })()
      // They wait together, not one after the other.
      const begun = performance.now()
      const written = Array.from({ length: 20 }, (_, at) =>
        server.send('POST', integrationsPath, named(`${at}`)),
      )
      for (const { status, headers, text } of await Promise.all(written)) {
        assert.equal(status, 503, text)
        assert.equal(headers.get('retry-after'), '1')
      }
      const tookMs = performance.now() - begun
      assert.ok(tookMs > 1_900 && tookMs < 2_900, `told after ${Math.round(tookMs)} ms`)
      await reading
      const sorted = readMs.toSorted((a, b) => a - b)
      const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY
      assert.ok(p99Ms < 100, `the 99th of a hundred reads took ${Math.round(p99Ms)} ms`)
      const late = server.send('POST', integrationsPath, named('late'))
      await wait(100)
      holder.exec('ROLLBACK')
      assert.equal((await late).status, 201, 'who still waits has its turn')
      const rows = await server.rows(`select name from integrations where type = 3 order by name`)
      assert.deepEqual(rows, [{ name: 'before' }, { name: 'late' }])
    } finally {
      holder.close()
      await server.close()
    }
  })
})

describe('a disk whose syncs fail', {
  skip: spawnSync('strace', ['-V']).status !== 0 && 'strace makes them fail, and is not installed',
}, () => {
  test('now and then, under load: writes are told 503, and what was acknowledged is there after kill -9', async () => {
    const server = await startOnFile()
    const [{ child } = {}] = server.nodes
    const fault = ['-e', 'inject=fsync,fdatasync:error=EIO:when=3+5']
    const tracer = spawn('strace', ['-f', '-e', 'trace=fsync,fdatasync', ...fault, '-p', `${child?.pid}`])
    let said = ''
    tracer.stderr.on('data', (chunk) => {
      said += String(chunk)
    })
    const statuses = new Set<number>()
    const watched: typeof server = {
      ...server,
      async send(...asked) {
        const answer = await server.send(...asked)
        statuses.add(answer.status)
        return answer
      },
    }
    try {
      await until('it is traced', () => said.includes('attached'))
      const clients = startClients(watched, 6)
      try {
        const failed = () => said.split('(INJECTED)').length - 1
        const wanted = isFull ? 200 : 10
        for (const endsAt = performance.now() + 60_000; failed() < wanted; await wait(20)) {
          assert.ok(performance.now() < endsAt, `${failed()} syncs failed in time`)
        }
      } finally {
        await clients.stop()
      }
      await server.kill()
      assert.deepEqual(await historyFaults(server, clients), [])
      assert.deepEqual(await server.rows('PRAGMA integrity_check'), [{ integrity_check: 'ok' }])
      await server.restart()
      assert.deepEqual(await historyFaults(server, clients), [])
      assert.ok(statuses.has(503) && !statuses.has(500), `told: ${[...statuses]}`)
    } finally {
      tracer.kill('SIGKILL')
      await server.close()
    }
  })
})

describe('a start', () => {
  test('on a folder that cannot be written is refused with the reason', {
    skip: !isRoot && 'only root may mount a disk of its own',
  }, async () => {
    const home = newHome()
    const disk = join(home.root, 'disk')
    mkdirSync(disk)
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', disk]).status, 0)
    try {
      const data = join(disk, 'data')
      for (const isFirst of [true, false]) {
        if (!isFirst) await (await start('serve', ['--data', data], home.env)).stop()
        spawnSync('mount', ['-o', 'remount,ro', disk])
        const { code, stdout, stderr } = await run(['serve', '--port', '0', '--data', data], home)
        spawnSync('mount', ['-o', 'remount,rw', disk])
        assert.equal(code, exitCodes.storeRefused, stderr)
        assert.equal(stdout, '')
        assert.ok(stderr.includes(disk), stderr)
        assert.ok(!/^\s+at /m.test(stderr), stderr)
      }
    } finally {
      spawnSync('umount', ['-l', disk])
      home.remove()
    }
  })

  test('on a database that is garbage now is refused, and nothing is overwritten', async () => {
    const home = newHome()
    await (await start('serve', ['--data', home.data], home.env)).stop()
    writeFileSync(join(home.data, 'mortise.db'), Buffer.alloc(100_000, 'garbage '))
    const before = snapshot(home.data)['mortise.db']
    const { code, stderr } = await run(['serve', '--port', '0', '--data', home.data], home)
    assert.equal(code, exitCodes.storeRefused, stderr)
    assert.match(stderr, /no SQLite database.*Restore a backup/)
    assert.equal(snapshot(home.data)['mortise.db'], before)
    home.remove()
  })

  test('without the log that a killed server left says so, as the doctor does', async () => {
    const server = await startOnFile()
    try {
      for (let at = 0; at < 20; at++) await server.send('POST', integrationsPath, named(`${at}`))
      await server.kill()
      const log = `${server.file}-wal`
      assert.ok(readFileSync(log).length > 0)
      rmSync(log)
      const doctor = await run(['doctor', '--data', server.dataDir], { env: server.env })
      assert.match(doctor.stdout, /^(FAIL|WARN) +log /m)
      const env = { ...server.env, MORTISE_LOG_LEVEL: 'warn' }
      const served = await start('serve', ['--data', server.dataDir], env)
      await served.stop()
      assert.match(served.output().stderr, /write-ahead log/)
    } finally {
      await server.close()
    }
  })
})
