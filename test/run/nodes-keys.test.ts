// Two nodes on one database, each with a key of its own, serve while root and data keys are rotated.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { call } from '../support/api.ts'
import { keyIn, newHome, runJson } from '../support/command-line.ts'
import { newDatabase } from '../support/postgres.ts'
import { run, start } from '../support/process.ts'

const clients = 20

test('nodes with the old key and with the new one read what each other writes, while everything is rotated', async () => {
  const [home, database] = [newHome(), await newDatabase()]
  const env = { ...home.env, DATABASE_URL: database.url, MORTISE_LOG_LEVEL: 'error' }
  const newKeyFile = join(home.root, 'new.key')
  const withNewKey = { ...env, MORTISE_MASTER_KEY_FILE: newKeyFile }
  const mortise = async (env: NodeJS.ProcessEnv, ...args: string[]) => {
    const { code, stderr, stdout } = await run(['--data', home.data, ...args], { env })
    assert.equal(code, exitCodes.ok, `${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const old = await start('serve', ['--data', home.data], env)
  const key = keyIn(old.output().stdout)
  await mortise(env, 'vault', 'slots', 'add', 'key', '--file', newKeyFile)
  const fresh = await start('serve', ['--data', home.data], withNewKey)
  const nodes = [old, fresh]
  const at = (turn: number) => String(nodes[turn % 2]?.address)
  const headers = { 'integration-id': '1' }
  const state = { isOver: false }
  try {
    for (let id = 1; id <= clients; id++) {
      const body = { provider: 'amazon', title: 't', fields: { secret_access_key: 'first' } }
      const made = await call(at(id), 'POST', '/v2/connections/', { key, body, headers })
      assert.equal(made.status, 201, made.text)
    }
    const asking = Array.from({ length: clients }, async (_, index) => {
      let rounds = 0
      for (; !state.isOver || rounds < 3; rounds++) {
        const secret = `secret-${index}-${rounds}`
        const path = `/v2/connections/${index + 1}/`
        const body = { fields: { secret_access_key: secret } }
        const changed = await call(at(index + rounds), 'PATCH', path, { key, body, headers })
        assert.equal(changed.status, 200, changed.text)
        const read = await call(at(index + rounds + 1), 'GET', `/api/v1/integrations/${index + 1}`, { key })
        assert.equal(read.status, 200, read.text)
        assert.equal(Object(read.body).secret_access_key, secret)
        // The commands have to get their turn too.
        await wait(20)
      }
      return rounds
    })
    const all = Promise.all(asking)
    const rotating = async () => {
      for (const either of [withNewKey, env]) {
        await mortise(either, 'vault', 'rotate')
        await mortise(either, 'vault', 'rotate', '--data')
      }
      state.isOver = true
    }
    await Promise.all([all, rotating()])
    const { root_keys } = await runJson({ data: home.data, env }, ['vault', 'keys'])
    const gone = (root_keys as Array<{ id: string; isCurrent: boolean; wraps: number }>).filter(
      ({ isCurrent }) => !isCurrent,
    )
    assert.deepEqual(
      gone.map(({ wraps }) => wraps),
      [0, 0],
    )
    for (const { id } of gone) await mortise(env, 'vault', 'drop', id)
    for (const { address } of nodes) {
      const { status, body } = await call(address, 'GET', '/api/v1/integrations', { key })
      assert.deepEqual([status, Array.isArray(body) && body.length], [200, clients])
    }
  } finally {
    state.isOver = true
    for (const node of nodes) await node.stop()
    await database.remove()
    home.remove()
  }
})
