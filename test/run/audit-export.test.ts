// `mortise audit export`: the trail on standard output, from a stopped store and through a running server.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { exportPath } from '../support/audit.ts'
import { keyIn, newHome } from '../support/command-line.ts'
import { main, run, start } from '../support/process.ts'
import { asObject } from '../support/v2.ts'

describe('mortise audit export', () => {
  test('writes the trail through a running server and from a stopped store, whole or since a time', async () => {
    const home = newHome()
    const command = ['audit', 'export', '--data', home.data, '--account']
    const records = async (...more: string[]) => {
      const { code, stdout, stderr } = await run([...command, '1', ...more], home)
      assert.equal(code, 0, stderr)
      const lines = stdout.split('\n').filter((line) => line !== '')
      return lines.map((line) => asObject(JSON.parse(line)))
    }
    const actionsOf = (found: readonly Record<string, unknown>[]) => found.map(({ action }) => action)
    const served = await start('serve', ['--data', home.data], home.env)
    let overHttp: unknown
    try {
      const key = keyIn(served.output().stdout)
      assert.deepEqual(actionsOf(await records()), ['account.created', 'api_key.created'])
      overHttp = (await call(served.address, 'GET', exportPath, { key })).body
      assert.deepEqual((await run([...command, '99'], home)).code, exitCodes.refused)
    } finally {
      await served.stop()
    }
    const stopped = await records()
    assert.deepEqual(stopped.slice(0, 3), overHttp, 'as it is told over HTTP')
    assert.deepEqual(actionsOf(stopped.slice(2)), ['audit.exported', 'audit.exported'])
    assert.deepEqual(stopped[2]?.key, null)
    const since = String(stopped[3]?.at)
    assert.deepEqual(actionsOf(await records('--since', since)), ['audit.exported', 'audit.exported'])
    assert.deepEqual((await run([...command, '1', '--since', 'x'], home)).code, exitCodes.refused)
    home.remove()
  })

  test('asks for as many parts as it takes, and ends without a word where nobody reads any more', async () => {
    const home = newHome()
    const served = await start('serve', ['--data', home.data], home.env)
    await served.stop()
    const db = new DatabaseSync(join(home.data, 'mortise.db'))
    db.exec(`with recursive numbers(n) as (select 3 union all select n + 1 from numbers where n < 5000)
      insert into audit (account_id, sequence, at, action, subject, key_uid, address, request_id, times, data)
      select 1, n, '2026-01-01T00:00:00.000000Z', 'integration.changed', 'integration/x',
        null, null, null, 1, '{"id":"x","changed":[]}' from numbers`)
    db.exec('update audit_chains set last = 5000')
    db.close()
    const line = [process.execPath, main, 'audit', 'export', '--account', '1', '--data', home.data]
    const whole = await run(line.slice(2), home)
    assert.deepEqual(
      whole.stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text).id),
      Array.from({ length: 5_000 }, (_, n) => n + 1),
    )
    const { stdout, stderr } = spawnSync('bash', ['-c', '"$0" "$@" | head -n 2', ...line], {
      env: home.env,
      encoding: 'utf8',
    })
    assert.deepEqual([stdout.split('\n').length, stderr], [3, ''])
    home.remove()
  })
})
