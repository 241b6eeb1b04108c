// Revoked keys: at once where it was done, soon where nobody told, and only by their own account.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../src/hub/timestamp.ts'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'

describe('a revoked key', () => {
  let api: TestApi
  let account: number
  before(async () => {
    api = await startApi()
    account = (await newAccount(api)).id
  })
  after(() => api.close())

  const create = () => api.hub.apiKeys.create(api.hub.callerFor(account), { name: 'to be revoked' })
  const statusOf = async (key: string, path = '/v2/integrations/') =>
    (await call(api.address, 'GET', path, { key })).status

  test('is refused by the very next request, on both APIs, and its neighbours are not', async () => {
    const [{ key, text }, neighbour] = [await create(), await create()]
    assert.equal(await statusOf(text), 200)
    assert.equal(await statusOf(text, '/api/v1/integrations'), 200)
    await api.hub.apiKeys.revoke(api.hub.callerFor(account), key.uid)
    assert.equal(await statusOf(text), 401)
    assert.equal(await statusOf(text, '/api/v1/integrations'), 401)
    assert.equal(await statusOf(neighbour.text), 200)
  })

  test('is refused from the next request on even if it was revoked while in heavy use', async () => {
    const { key, text } = await create()
    let isRevoked = false
    const lateAnswers: number[] = []
    const use = async () => {
      for (let status = 200; status === 200; ) {
        const wasRevoked: boolean = isRevoked
        status = await statusOf(text)
        if (wasRevoked) lateAnswers.push(status)
      }
    }
    const users = Array.from({ length: 4 }, use)
    await statusOf(text)
    await api.hub.apiKeys.revoke(api.hub.callerFor(account), key.uid)
    isRevoked = true
    assert.equal(await statusOf(text), 401)
    await Promise.all(users)
    assert.ok(lateAnswers.every((status) => status === 401))
  })

  test('is refused within 5 seconds where nobody told, though it is used all the time', async () => {
    const { key, text } = await create()
    assert.equal(await statusOf(text), 200)
    await api.db
      .updateTable('api_keys')
      .set({ revoked_at: systemClock() })
      .where('uid', '=', key.uid)
      .execute()
    const since = performance.now()
    while ((await statusOf(text)) !== 401) {
      assert.ok(performance.now() - since < 5_000, 'the key still works after 5 seconds')
      await pause(50)
    }
  })

  test('cannot be one of another account', async () => {
    const { key, text } = await create()
    const stranger = await newAccount(api)
    await assert.rejects(api.hub.apiKeys.revoke(api.hub.callerFor(stranger.id), key.uid), {
      code: 'not_found',
    })
    assert.equal(await statusOf(text), 200)
  })
})
