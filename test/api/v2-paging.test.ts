// Lists of v2: which page is asked for, what the envelope holds, and where its links lead.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  asObject,
  expectAnswer,
  idsOf,
  integrationsPath,
  rawRequest,
  startV2,
  textOf,
  type V2,
} from '../support/v2.ts'

const publicUrl = 'https://hub.example.com'
const listUrl = `${publicUrl}${integrationsPath}`
const total = 103

let v2: V2
before(async () => {
  v2 = await startV2({ publicUrl })
  for (let n = 2; n <= total; n++) await v2.create(integrationsPath, { id: String(n) })
})
after(() => v2.api.close())

const list = (query: string) => v2.send('GET', `${integrationsPath}${query}`)
/** Ids from `first` to `last`, as they were created. */
const ids = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => String(first + at))

test('without parameters the list is page 1 with 25 of all, oldest first', async () => {
  const answer = await list('')
  assert.equal(answer.status, 200)
  assert.deepEqual(Object.keys(asObject(answer.body)), ['count', 'next', 'previous', 'results'])
  assert.equal(asObject(answer.body).count, total)
  assert.deepEqual(idsOf(answer), ids(1, 25))
})

test('page and page_size choose the window', async () => {
  assert.deepEqual(idsOf(await list('?page=2')), ids(26, 50))
  assert.deepEqual(idsOf(await list('?page=3&page_size=10')), ids(21, 30))
  assert.deepEqual(idsOf(await list('?page=103&page_size=1')), ['103'])
  assert.deepEqual(idsOf(await list('?page_size=100&page=2')), ids(101, 103))
})

describe('page_size', () => {
  for (const size of ['0', '-1', 'abc', '', '1.5', '1e1', '0x10', '%20', '%EF%BC%91', 'null']) {
    test(`"${decodeURIComponent(size)}" falls back to 25`, async () => {
      assert.equal(idsOf(await list(`?page_size=${size}`)).length, 25)
    })
  }
  for (const size of ['101', '1000', '99999999999999999999', '9'.repeat(400)]) {
    test(`${size.slice(0, 24)} is clamped to 100`, async () => {
      assert.equal(idsOf(await list(`?page_size=${size}`)).length, 100)
    })
  }
  test('100 is taken as it is, and so is 1', async () => {
    assert.equal(idsOf(await list('?page_size=100')).length, 100)
    assert.equal(idsOf(await list('?page_size=1')).length, 1)
  })
  test('given twice it never shows more than the maximum', async () => {
    const answer = await list('?page_size=5&page_size=100000')
    assert.equal(answer.status, 200)
    assert.ok(idsOf(answer).length <= 100)
  })
})

describe('a page that does not exist is 404 Invalid page.', () => {
  const pages = ['0', '-1', '1.5', '1e3', '0x1', '%201', '%EF%BC%91', '99999999999999999999', '', 'abc', '6']
  const queries = [...pages.map((page) => `page=${page}`), 'page=1&page=2', 'page=1&page=1', 'page=LAST']
  for (const query of [...queries, 'page', 'page=2&page_size=100&type=1', `page=${'9'.repeat(400)}`]) {
    test(decodeURIComponent(query).slice(0, 40), async () => {
      expectAnswer(await list(`?${query}`), 404, { detail: 'Invalid page.' })
    })
  }
})

test('page=last works', async () => {
  const answer = await list('?page=last&page_size=50')
  assert.deepEqual(idsOf(answer), ids(101, 103))
  const { next, previous } = asObject(answer.body)
  assert.deepEqual([next, previous], [null, `${listUrl}?page=2&page_size=50`])
})

test('an empty list has a page 1, and its last page is that', async () => {
  const empty = { count: 0, next: null, previous: null, results: [] }
  for (const query of ['?type=2', '?type=2&page=1', '?type=2&page=last']) {
    expectAnswer(await list(query), 200, empty)
  }
  expectAnswer(await list('?type=2&page=2'), 404, { detail: 'Invalid page.' })
})

describe('type', () => {
  test('narrows the list and its count', async () => {
    const webApps = await list('?type=1')
    assert.deepEqual([asObject(webApps.body).count, idsOf(webApps)], [1, ['1']])
    assert.equal(asObject((await list('?type=3')).body).count, total - 1)
  })
  for (const type of ['9', 'x', '0', '-1', '1.0', '3 3', '３', '<b>']) {
    test(`"${type}" is 400 and says that it is no choice`, async () => {
      expectAnswer(await list(`?type=${encodeURIComponent(type)}`), 400, {
        type: [`Select a valid choice. ${type} is not one of the available choices.`],
      })
    })
  }
  test('left empty it narrows nothing', async () => {
    assert.equal(asObject((await list('?type=')).body).count, total)
  })
  test('given twice it is one value or 400, and no object', async () => {
    const { status } = await list('?type=3&type=1')
    assert.ok(status === 400 || status === 200)
  })
  for (const query of ['type[]=1', 'type[$ne]=1', '__proto__[type]=1', 'constructor[prototype][type]=1']) {
    test(`${query} is a parameter of another name`, async () => {
      assert.equal(asObject((await list(`?${query}`)).body).count, total)
    })
  }
})

test('a thousand parameters are no trouble', async () => {
  const many = Array.from({ length: 1000 }, (_, at) => `p${at}=${at}`).join('&')
  assert.equal((await list(`?${many}`)).status, 200)
})

describe('links', () => {
  const linksOf = async (query: string) => {
    const { next, previous } = asObject((await list(query)).body)
    return { next, previous }
  }
  test('are absolute, on the configured public URL, and null at the ends', async () => {
    assert.deepEqual(await linksOf(''), { next: `${listUrl}?page=2`, previous: null })
    assert.deepEqual(await linksOf('?page=5'), { next: null, previous: `${listUrl}?page=4` })
    assert.deepEqual(await linksOf('?type=1'), { next: null, previous: null })
  })
  test('to page 1 have no page', async () => {
    assert.equal((await linksOf('?page=2')).previous, listUrl)
    assert.equal((await linksOf('?page=2&page_size=30')).previous, `${listUrl}?page_size=30`)
  })
  test('keep the other parameters, sorted by name', async () => {
    assert.deepEqual(await linksOf('?z=1&type=3&page_size=10&page=3&a=%C3%A4%20%26'), {
      next: `${listUrl}?a=%C3%A4+%26&page=4&page_size=10&type=3&z=1`,
      previous: `${listUrl}?a=%C3%A4+%26&page=2&page_size=10&type=3&z=1`,
    })
  })
  test('lead through the whole list and back', async () => {
    const seen: unknown[] = []
    let query: string | null = '?page_size=40'
    let last = ''
    while (query !== null) {
      const answer = await list(query)
      seen.push(...idsOf(answer))
      last = query
      const { next } = asObject(answer.body)
      query = next === null ? null : textOf(next).slice(listUrl.length)
    }
    assert.deepEqual(seen, ids(1, total))
    const previous = textOf((await linksOf(last)).previous)
    assert.deepEqual(idsOf(await list(previous.slice(listUrl.length))), ids(41, 80))
  })
})

test('neither Host nor a forwarding header ever shows in an answer', async () => {
  const authorization = ['Authorization', `Token ${v2.account.key}`] as const
  const forged = [
    ['Host', 'evil.test'],
    ['X-Forwarded-Host', 'evil.test'],
    ['X-Forwarded-Proto', 'evil.test'],
    ['X-Forwarded-Server', 'evil.test'],
    ['Forwarded', 'host=evil.test;proto=https'],
    ['X-Host', 'evil.test'],
    ['X-Original-URL', '/v2/evil.test'],
    ['X-Rewrite-URL', '/v2/evil.test'],
  ] as const
  for (const [method, path] of [
    ['GET', `${integrationsPath}?page=2&page_size=1`],
    ['GET', '/v2/integrations?page_size=1'],
    ['GET', '/v2/freelancers/'],
    ['POST', integrationsPath],
    ['GET', `${integrationsPath}absent/`],
    ['POST', `${integrationsPath}1/`],
    ['OPTIONS', integrationsPath],
    ['GET', '/v2/nothing'],
    ['GET', '/nothing'],
  ] as const) {
    const { text, headers } = await rawRequest(v2.api.address, method, path, {
      headers: [...forged, authorization],
    })
    assert.doesNotMatch(text + JSON.stringify([...headers]), /evil\.test/, `${method} ${path}`)
  }
  const stranger = await rawRequest(v2.api.address, 'GET', integrationsPath, { headers: forged })
  assert.equal(stranger.status, 401)
  assert.doesNotMatch(stranger.text + JSON.stringify([...stranger.headers]), /evil\.test/)
})

test('a query that is not percent-encoded UTF-8 is 400', async () => {
  for (const query of ['?page=%E0%A4%A', '?x=%FF', '?%ff=1']) assert.equal((await list(query)).status, 400)
})
