// One server per data folder; one that was killed lets go of it, with everything that it had acknowledged.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { lockFolder } from '../../src/storage/lock.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, runJson } from '../support/command-line.ts'
import { run, type Served, start } from '../support/process.ts'

const isFull = process.env.TEST_SCALE === 'full'

describe('a data folder', { concurrency: 2 }, () => {
  test('has one server: a second is refused with the first one’s name, until that was killed', async () => {
    const home = newHome()
    const first = await start('serve', ['--data', home.data], home.env)
    const key = keyIn(first.output().stdout)
    for (const args of [['serve', '--port', '0'], ['migrate']]) {
      const { code, stdout, stderr } = await run([...args, '--data', home.data], home)
      assert.equal(code, exitCodes.storeHeld, stderr)
      assert.equal(stdout, '')
      assert.ok(stderr.includes(String(first.child.pid)), stderr)
      assert.ok(stderr.includes(first.address), stderr)
    }
    assert.equal((await call(first.address, 'GET', '/v2/integrations/', { key })).status, 200)

    await first.stop('SIGKILL')
    const { keys } = await runJson(home, ['keys', 'list', '--account', '1'])
    assert.equal((keys as object[]).length, 1, 'commands work on what was left behind')
    const second = await start('serve', ['--data', home.data], home.env)
    assert.equal((await call(second.address, 'GET', '/v2/integrations/', { key })).status, 200)
    assert.equal(await second.stop(), exitCodes.ok)
    home.remove()
  })

  test('that another command holds is not waited for', async () => {
    const home = newHome()
    const served = await start('serve', ['--data', home.data], home.env)
    assert.equal(await served.stop(), exitCodes.ok)
    const lock = lockFolder(home.data, '2026-01-01T00:00:00.000000Z')
    assert.ok('release' in lock)
    const { code, stderr } = await run(['keys', 'list', '--account', '1', '--data', home.data], home)
    lock.release()
    assert.equal(code, exitCodes.storeHeld, stderr)
    assert.ok(stderr.includes(String(process.pid)), stderr)
    home.remove()
  })

  test('after kill -9 has every create that was acknowledged, and none by halves', async () => {
    const home = newHome()
    const acknowledged: string[] = []
    let key = ''
    for (let kill = 0; kill < (isFull ? 50 : 3); kill++) {
      const served = await start('serve', ['--data', home.data], home.env)
      if (kill === 0) key = keyIn(served.output().stdout)
      await everyOneIsThere(served, key, acknowledged)
      await createUntilKilled(served, key, `${kill}`, acknowledged)
    }
    const last = await start('serve', ['--data', home.data], home.env)
    await everyOneIsThere(last, key, acknowledged)
    assert.equal(await last.stop(), exitCodes.ok)

    const db = new DatabaseSync(join(home.data, 'mortise.db'), { readOnly: true })
    assert.equal(db.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok')
    const orphans = db.prepare(`SELECT count(*) AS n FROM integrations WHERE type = 2
      AND uid NOT IN (SELECT integration_uid FROM freelancers)`)
    assert.equal(orphans.get()?.n, 0, 'a freelancer and its integration come together')
    assert.equal(db.prepare('PRAGMA foreign_key_check').all().length, 0)
    db.close()
    home.remove()
  })
})

const address = {
  email: 'a@example.com',
  recipient: 'r',
  address_line_1: 'a',
  address_line_2: null,
  zip_code: 'z',
  city: 'c',
}

/** Eight clients create freelancers, each with its integration; the server is killed in the middle. */
async function createUntilKilled(
  served: Served,
  key: string,
  round: string,
  acknowledged: string[],
): Promise<void> {
  const killAt = acknowledged.length + randomInt(20, 150)
  let killed: Promise<unknown> | undefined
  const client = async (number: number) => {
    for (let at = 0; killed === undefined; at++) {
      const id = `${round}-${number}-${at}`
      const body = { ...address, id, name: id }
      try {
        const { status, text } = await call(served.address, 'POST', '/v2/freelancers/', { key, body })
        assert.equal(status, 201, text)
        acknowledged.push(id)
      } catch (error) {
        if (killed === undefined) throw error
      }
      if (acknowledged.length >= killAt) killed ??= served.stop('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, number) => client(number)))
  await killed
}

async function everyOneIsThere(served: Served, key: string, ids: readonly string[]): Promise<void> {
  const found = new Set<string>()
  for (let page = 1, more = true; more; page++) {
    const { status, body, text } = await call(
      served.address,
      'GET',
      `/v2/freelancers/?page_size=100&page=${page}`,
      { key },
    )
    assert.equal(status, 200, text)
    const { results, next } = body as { results: Array<{ id: string }>; next: string | null }
    for (const { id } of results) found.add(id)
    more = next !== null
  }
  assert.deepEqual(
    ids.filter((id) => !found.has(id)),
    [],
  )
}
