// How much is too much: wrong keys per address, requests per key and per account.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { objectOf } from '../support/json-shapes.ts'

type Options = NonNullable<Parameters<typeof startApi>[0]>

async function withApi(options: Options, use: (api: TestApi) => Promise<void>): Promise<void> {
  const api = await startApi(options)
  try {
    await use(api)
  } finally {
    await api.close()
  }
}

function isThrottledV2(answer: Answer): void {
  assert.equal(answer.status, 429, answer.text)
  const seconds = answer.headers.get('retry-after') ?? ''
  assert.match(seconds, /^[1-9]\d*$/)
  const unit = seconds === '1' ? 'seconds?' : 'seconds'
  assert.match(
    String(objectOf(answer.body).detail),
    new RegExp(`^Request was throttled\\. Expected available in ${seconds} ${unit}\\.$`),
  )
}

function isThrottledV1(answer: Answer): void {
  assert.equal(answer.status, 429, answer.text)
  assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  assert.deepEqual(Object.keys(objectOf(answer.body)), ['error', 'message'])
}

const guess = (api: TestApi, forwardedFor?: string, path = '/v2/integrations/') =>
  call(api.address, 'GET', path, {
    key: 'a-wrong-key',
    ...(forwardedFor !== undefined && { headers: { 'x-forwarded-for': forwardedFor } }),
  })

async function guessOften(api: TestApi, times: number, forwardedFor?: string): Promise<void> {
  for (let time = 1; time <= times; time++) {
    assert.equal((await guess(api, forwardedFor)).status, 401, `wrong key number ${time}`)
  }
}

test('after 20 wrong keys in a minute an address gets 429 for wrong keys, and valid ones still work', async () => {
  await withApi({}, async (api) => {
    const { key } = await newAccount(api)
    await guessOften(api, 20)
    const throttled = await guess(api)
    isThrottledV2(throttled)
    assert.ok(Number(throttled.headers.get('retry-after')) <= 60)
    isThrottledV1(await guess(api, undefined, '/api/v1/integrations'))
    isThrottledV1(await call(api.address, 'POST', '/api/v1/integrations?api_key=a-wrong-key'))
    const form = new URLSearchParams({ api_key: 'a-wrong-key' })
    isThrottledV1(await call(api.address, 'POST', '/api/v1/integrations', { body: form }))
    for (const path of ['/v2/integrations/', '/api/v1/integrations']) {
      assert.equal((await call(api.address, 'GET', path, { key })).status, 200)
    }
  })
})

test('wrong keys of v1 and v2, in header, query and body, of any shape, count together', async () => {
  await withApi({}, async (api) => {
    const { key } = await newAccount(api)
    const form = new URLSearchParams({ api_key: 'a-wrong-key' })
    const wrongSum = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
    for (let round = 0; round < 5; round++) {
      assert.equal((await guess(api)).status, 401)
      assert.equal((await call(api.address, 'GET', '/v2/integrations/', { key: wrongSum })).status, 401)
      assert.equal((await call(api.address, 'GET', '/api/v1/integrations?api_key=wrong')).status, 401)
      assert.equal((await call(api.address, 'POST', '/api/v1/integrations', { body: form })).status, 401)
    }
    isThrottledV2(await guess(api))
  })
})

test('valid keys are never counted as failures', async () => {
  await withApi({}, async (api) => {
    const { key } = await newAccount(api)
    for (let time = 0; time < 25; time++) {
      assert.equal((await call(api.address, 'GET', '/v2/integrations/', { key })).status, 200)
    }
    assert.equal((await guess(api)).status, 401)
  })
})

test('X-Forwarded-For from a peer that is not trusted neither resets nor shifts the count', async () => {
  await withApi({ trustedProxies: ['192.0.2.0/24'] }, async (api) => {
    for (let time = 1; time <= 20; time++) {
      assert.equal((await guess(api, `203.0.113.${time}`)).status, 401)
    }
    isThrottledV2(await guess(api, '203.0.113.99'))
    isThrottledV2(await guess(api))
  })
})

test('X-Forwarded-For from a trusted proxy names the address that is counted', async () => {
  await withApi({ trustedProxies: ['127.0.0.0/8'] }, async (api) => {
    await guessOften(api, 20, '203.0.113.7')
    isThrottledV2(await guess(api, '203.0.113.7'))
    assert.equal((await guess(api, '203.0.113.8')).status, 401)
    isThrottledV2(await guess(api, '198.51.100.1, 203.0.113.7'))
    assert.equal((await guess(api, '203.0.113.7, 203.0.113.8')).status, 401)
    assert.equal((await guess(api)).status, 401, 'the proxy itself is an address of its own')
  })
})

const requests = 30
const perSecond = 5

/** Sent at once; even spread over some seconds they are more than what is allowed. */
function burst(api: TestApi, keys: readonly string[], path = '/v2/integrations/'): Promise<Answer[]> {
  const all = Array.from({ length: requests }, (_, at) => keys[at % keys.length])
  return Promise.all(all.map((key) => call(api.address, 'GET', path, { key })))
}

for (const [path, isThrottled] of [
  ['/v2/integrations/', isThrottledV2],
  ['/api/v1/integrations', isThrottledV1],
] as const) {
  test(`a key over its limit gets 429 on ${path}, and the account's other keys are not touched`, async () => {
    await withApi({ rateLimits: { key: perSecond, account: 0 } }, async (api) => {
      const { id, key } = await newAccount(api)
      const other = await newKey(api, id)
      const answers = await burst(api, [key], path)
      const refused = answers.filter(({ status }) => status !== 200)
      assert.ok(answers.length - refused.length >= perSecond, 'what is allowed is served')
      assert.ok(refused.length > 0, 'what is too much is refused')
      for (const answer of refused) isThrottled(answer)
      assert.equal((await call(api.address, 'GET', path, { key: other })).status, 200)
    })
  })
}

test('an account over its limit gets 429 for all its keys together, and other accounts are not touched', async () => {
  await withApi({ rateLimits: { key: 0, account: perSecond } }, async (api) => {
    const { id, key } = await newAccount(api)
    const keys = [key, ...(await Promise.all(Array.from({ length: 9 }, () => newKey(api, id))))]
    const stranger = await newAccount(api)
    const answers = await burst(api, keys)
    const refused = answers.filter(({ status }) => status !== 200)
    assert.ok(answers.length - refused.length >= perSecond)
    assert.ok(refused.length > 0)
    for (const answer of refused) isThrottledV2(answer)
    assert.equal((await call(api.address, 'GET', '/v2/integrations/', { key: stranger.key })).status, 200)
  })
})

test('a throttled key works again after the time that Retry-After names', async () => {
  await withApi({ rateLimits: { key: perSecond, account: 0 } }, async (api) => {
    const { key } = await newAccount(api)
    const refused = (await burst(api, [key])).find(({ status }) => status === 429)
    const seconds = Number(refused?.headers.get('retry-after'))
    assert.ok(seconds >= 1)
    const until = performance.now() + seconds * 1000
    while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal((await call(api.address, 'GET', '/v2/integrations/', { key })).status, 200)
  })
})

test('without limits set, no number of requests is too much', async () => {
  await withApi({}, async (api) => {
    const { key } = await newAccount(api)
    assert.ok((await burst(api, [key])).every(({ status }) => status === 200))
  })
})

test('429 comes after 401 and 403, and before 405 and 404', async () => {
  await withApi({ rateLimits: { key: 1, account: 0 } }, async (api) => {
    const { id, key } = await newAccount(api)
    const weak = await newKey(api, id, { scopes: ['freelancers:read'] })
    // Of ten at once the first may pass, but never all.
    const often = (method: string, path: string, of: string) =>
      Promise.all(Array.from({ length: 10 }, () => call(api.address, method, path, { key: of })))
    const statuses = (answers: Answer[]) => new Set(answers.map(({ status }) => status))
    assert.deepEqual(statuses(await often('GET', '/v2/integrations/', weak)), new Set([403]))
    assert.ok(statuses(await often('DELETE', '/v2/integrations/', key)).has(429))
    assert.ok(statuses(await often('GET', '/v2/integrations/absent/', key)).has(429))
  })
})
