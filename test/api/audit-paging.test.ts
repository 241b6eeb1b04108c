// Pages of the audit trail: whatever is added meanwhile, each record is shown once; cursors are taken from us alone.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type Answer, call, newAccount, newKey, startApi, type TestApi } from '../support/api.ts'
import { auditPath, fill, idsOf, page, pathOf, walk } from '../support/audit.ts'
import { generated } from '../support/generated.ts'
import { asObject, expectAnswer, resultsOf, textOf } from '../support/v2.ts'

const publicUrl = 'https://hub.example.com'
const invalid = { detail: 'Invalid cursor.', code: 'invalid_page' }

let api: TestApi
before(async () => {
  api = await startApi({ publicUrl })
})
after(() => api.close())

/** An account whose trail has the records of its making, and as many more. */
async function accountWith(count: number): Promise<{ id: number; key: string; all: number[] }> {
  const { id, key } = await newAccount(api)
  await fill(api, id, count)
  // The newest are the highest: numbers rise.
  return { id, key, all: Array.from({ length: count + 2 }, (_, n) => count + 2 - n) }
}

const ask = (key: string, query = ''): Promise<Answer> =>
  call(api.address, 'GET', `${auditPath}${query}`, { key })

async function linksOf(answer: Promise<Answer>) {
  const { status, text, body } = await answer
  assert.equal(status, 200, text)
  const { next, previous } = asObject(body)
  return { next, previous }
}

describe('pages of the audit trail', () => {
  test('hold 25 records unless told otherwise, 100 at most, newest first', async () => {
    const { key, all } = await accountWith(120)
    for (const [query, size] of [
      ['', 25],
      ['?page_size=7', 7],
      ['?page_size=100', 100],
      ['?page_size=101', 100],
      ['?page_size=0', 25],
      ['?page_size=-1', 25],
      ['?page_size=x', 25],
      ['?page_size=3&page_size=4', 25],
    ] as const) {
      assert.deepEqual(idsOf(await page(api, key, query)), all.slice(0, size), query)
    }
  })

  test('link to the next and the previous one on the public address, other parameters kept and sorted', async () => {
    const { key } = await accountWith(9)
    const first = await linksOf(ask(key, '?zeta=1&page_size=4&action=integration.*'))
    assert.equal(first.previous, null)
    const next = textOf(first.next)
    assert.match(
      next,
      /^https:\/\/hub\.example\.com\/v2\/audit\/\?action=integration\.\*&cursor=[\w-]+&page_size=4&zeta=1$/,
    )
    const second = await linksOf(call(api.address, 'GET', pathOf(next), { key }))
    assert.match(textOf(second.previous), /^https:\/\/hub\.example\.com\/v2\/audit\/\?action=/)
    const third = await linksOf(call(api.address, 'GET', pathOf(textOf(second.next)), { key }))
    assert.equal(third.next, null, 'nine records are three pages of four')
  })

  test('of a trail that fits on one have no links', async () => {
    const { key } = await accountWith(3)
    assert.deepEqual(await linksOf(ask(key)), { next: null, previous: null })
    assert.deepEqual(await linksOf(ask(key, '?page_size=5')), { next: null, previous: null })
  })

  test('and no count, which would cost more with every record', async () => {
    const { key } = await accountWith(1)
    assert.deepEqual(Object.keys(asObject((await ask(key)).body)), ['next', 'previous', 'results'])
  })

  test('show backwards what they showed forwards', async () => {
    const { key, all } = await accountWith(31)
    const forwards = await walk(api, key, `${auditPath}?page_size=6`)
    assert.deepEqual(idsOf(forwards.records), all)
    const backwards = await walk(api, key, forwards.last, { link: 'previous' })
    assert.deepEqual(
      idsOf(backwards.records).toSorted((a, b) => b - a),
      all,
    )
    assert.ok(backwards.pages >= forwards.pages)
  })

  test('lead by `previous` to what was added since', async () => {
    const { id, key, all } = await accountWith(8)
    const first = await linksOf(ask(key, '?page_size=3'))
    const second = await linksOf(call(api.address, 'GET', pathOf(textOf(first.next)), { key }))
    await fill(api, id, 4)
    const { records } = await walk(api, key, pathOf(textOf(second.previous)), { link: 'previous' })
    const newest = (all[0] ?? 0) + 4
    assert.deepEqual(idsOf(records.toSorted((a, b) => Number(b.id) - Number(a.id))), [
      newest,
      newest - 1,
      newest - 2,
      newest - 3,
      ...all.slice(0, 3),
    ])
  })

  test('walked while records are added show each one of the start once, whatever the sizes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 0, max: 40 }),
          size: fc.integer({ min: 1, max: 12 }),
          filter: fc.constantFrom('', '&action=integration.*', '&subject=integration/filled-3'),
          added: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 }),
        }),
        async ({ count, size, filter, added }) => {
          const { id, key } = await accountWith(count)
          const start = await walk(api, key, `${auditPath}?page_size=100${filter}`)
          const left = [...added]
          const { records } = await walk(api, key, `${auditPath}?page_size=${size}${filter}`, {
            between: async () => fill(api, id, left.shift() ?? 0),
          })
          assert.deepEqual(idsOf(records), idsOf(start.records))
        },
      ),
      generated(25, 1_000),
    )
  })

  test('walked while twenty clients change things show each one of the start once', async () => {
    const { key, all } = await accountWith(60)
    let isWalking = true
    const change = async () => {
      do await call(api.address, 'PATCH', '/v2/integrations/1/', { key, body: { name: 'New' } })
      while (isWalking)
    }
    const changing = Promise.all(Array.from({ length: 20 }, change))
    try {
      const { records } = await walk(api, key, `${auditPath}?page_size=5`)
      const seen = idsOf(records)
      assert.deepEqual(
        seen.filter((id) => id <= (all[0] ?? 0)),
        all,
      )
      assert.equal(new Set(seen).size, seen.length)
    } finally {
      isWalking = false
      await changing
    }
  })

  test('end early, with a link, where much is looked at for few records; the link goes on', async () => {
    const { id, key } = await accountWith(1)
    // As if half a million records lay between the two ends.
    await api.db
      .updateTable('audit')
      .set({ sequence: 500_000 })
      .where('account_id', '=', id)
      .where('sequence', '=', 3)
      .execute()
    const query = `${auditPath}?action=api_key.created`
    const first = await ask(key, '?action=api_key.created')
    assert.deepEqual(resultsOf(first), [])
    assert.notEqual(asObject(first.body).next, null)
    const forwards = await walk(api, key, query)
    assert.deepEqual(idsOf(forwards.records), [2])
    assert.ok(forwards.pages <= 3)
    const backwards = await walk(api, key, forwards.last, { link: 'previous' })
    assert.deepEqual(idsOf(backwards.records), [2])
    assert.deepEqual(
      idsOf((await walk(api, key, auditPath)).records),
      [500_000, 2, 1],
      'without a filter nothing has to be looked for',
    )
    const bySubject = await ask(key, `?subject=account/${id}`)
    assert.deepEqual(idsOf(resultsOf(bySubject)), [1], 'nor with one that has an index')
    assert.equal(asObject(bySubject.body).next, null)
  })
})

describe('a cursor', () => {
  let account: Awaited<ReturnType<typeof accountWith>>
  let cursor: string
  before(async () => {
    account = await accountWith(10)
    const { next } = await linksOf(ask(account.key, '?page_size=5'))
    cursor = textOf(new URL(textOf(next)).searchParams.get('cursor'))
  })

  test('that no link of ours has is 404', async () => {
    const encoded = (text: string) => Buffer.from(text).toString('base64url')
    for (const bad of [
      '',
      'x',
      '1',
      'null',
      '__proto__',
      encoded('before'),
      encoded('before '),
      encoded('before -1'),
      encoded('before 01'),
      encoded('before 1.5'),
      encoded('before 1e3'),
      encoded('before 9999999999999999'),
      encoded('before 5\n'),
      encoded('beside 5'),
      encoded('{"before":5}'),
      `${cursor}=`,
      `${cursor}A`,
      ` ${cursor}`,
      `${cursor}\0`,
      cursor.toLowerCase(),
      cursor.slice(1),
      '🙂',
      'a'.repeat(5_000),
    ]) {
      expectAnswer(await ask(account.key, `?cursor=${encodeURIComponent(bad)}`), 404, invalid)
    }
    expectAnswer(await ask(account.key, `?cursor=${cursor}&cursor=${cursor}`), 404, invalid)
    assert.equal((await ask(account.key, `?cursor=${cursor}`)).status, 200)
  })

  test('that was tampered with is 404, or a place in the same trail; never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0x21, max: 0x7e }), async (at, code) => {
        const place = at % cursor.length
        const tampered = `${cursor.slice(0, place)}${String.fromCharCode(code)}${cursor.slice(place + 1)}`
        const answer = await ask(account.key, `?cursor=${encodeURIComponent(tampered)}`)
        if (answer.status !== 200) return expectAnswer(answer, 404, invalid)
        assert.ok(idsOf(resultsOf(answer)).every((id) => account.all.includes(id)))
      }),
      generated(100, 100),
    )
  })

  test('beyond either end is an empty page with the way back', async () => {
    const encoded = (text: string) => `?cursor=${Buffer.from(text).toString('base64url')}`
    for (const [text, back] of [
      ['before 0', 'previous'],
      ['before 1', 'previous'],
      ['after 999999999999999', 'next'],
    ] as const) {
      const answer = await ask(account.key, encoded(text))
      assert.deepEqual(resultsOf(answer), [])
      const { records } = await walk(api, account.key, pathOf(textOf(asObject(answer.body)[back])), {
        link: back,
      })
      assert.deepEqual(
        idsOf(records).toSorted((a, b) => b - a),
        account.all,
      )
    }
  })

  test("of another account gives nothing of that account's", async () => {
    const { key } = await newAccount(api)
    const answer = await ask(key, `?cursor=${cursor}`)
    assert.deepEqual(idsOf(resultsOf(answer)), [2, 1], 'a place in its own trail')
    assert.doesNotMatch(answer.text, /filled/)
  })

  test('is judged after the key and after the filters', async () => {
    const weak = await newKey(api, account.id, { scopes: ['integrations:read'] })
    assert.equal((await ask(weak, '?cursor=x')).status, 403)
    assert.equal((await ask(account.key, '?cursor=x&since=x')).status, 400)
  })
})
