// The tour in docs/api.md: every command is run as it is printed, against a server that was just started.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { newKey, startApi } from '../support/api.ts'
import { objectOf } from '../support/json-shapes.ts'

const run = promisify(execFile)

test('the four calls of the documentation lead from nothing to a connection that a client uses', async (t) => {
  const api = await startApi()
  t.after(() => api.close())
  const first = await api.hub.accounts.create({ name: 'The installation' })
  const env = { ...process.env, OPERATOR: await newKey(api, first.id, { scopes: ['operator'] }), KEY: '' }
  const page = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8')
  const [, tour = ''] = page.split('in four calls')
  const commands = tour.split('\n## ')[0]?.match(/^ +curl .+$/gm) ?? []
  assert.equal(commands.length, 4)

  const answers: Record<string, unknown>[] = []
  for (const command of commands) {
    const printed = command.trim().replace('http://127.0.0.1:3500', api.address)
    const { stdout } = await run('bash', ['-c', `${printed} -s --fail-with-body`], { env })
    const answer = objectOf(JSON.parse(stdout))
    answers.push(answer)
    if (answers.length === 1) env.KEY = String(objectOf(answer.api_key).key)
  }
  const [account, integration, connection, used] = answers
  assert.ok(account && integration && connection && used)
  assert.equal(integration.id, 'shop')
  assert.equal(connection.integration, 'shop')
  assert.ok(!JSON.stringify(connection).includes('sk_test_456'))
  assert.deepEqual([used.account_id, used.secret_key], [account.id, 'sk_test_456'])
})
