// Lists of connections: filters that take nothing but what they say, search that is literal, pages in order of id.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { newAccount } from '../support/api.ts'
import {
  type Connections,
  catalogue,
  connectionsPath,
  fieldsFor,
  type Member,
  startConnections,
} from '../support/connections.ts'
import { newConnection } from '../support/sample-connections.ts'
import {
  asObject,
  expectAnswer,
  idsOf,
  integrationsPath,
  resultsOf,
  textOf,
  withoutLink,
} from '../support/v2.ts'

let v2: Connections
before(async () => {
  v2 = await startConnections({ publicUrl: 'https://hub.example.test/base' })
})
after(() => v2.api.close())

const list = (query = '', integration = '1') =>
  v2.send('GET', `${connectionsPath}${query}`, undefined, { 'integration-id': integration })

/** An integration of its own, for lists that no other test adds to. */
async function integration(id: string): Promise<(provider: string, title: string) => Promise<number>> {
  await v2.create(integrationsPath, { id })
  return async (provider, title) => {
    const made = await newConnection(v2.api, v2.account.id, { provider, title, integrationId: id })
    return made.id
  }
}

test('an integration without connections has an empty page 1', async () => {
  await integration('empty')
  for (const query of ['', '?page=1', '?page=last', '?provider=stripe&q=x']) {
    expectAnswer(await list(query, 'empty'), 200, { count: 0, next: null, previous: null, results: [] })
  }
})

describe('filters', () => {
  const ids = new Map<string, number>()
  before(async () => {
    for (const { name } of catalogue) ids.set(name, await v2.make(name, fieldsFor(name), { title: name }))
    const known = { health_status: 'rejected', health_reason: 'no', health_account: 'acct_1' }
    const rejected = [ids.get('stripe') ?? 0, ids.get('paypal') ?? 0]
    await v2.api.db.updateTable('connections').set(known).where('id', 'in', rejected).execute()
  })
  const namesIn = async (query: string) => resultsOf(await list(query)).map(({ provider }) => provider)

  test('of none leave all, each as it is shown alone', async () => {
    const all = await list()
    assert.deepEqual(idsOf(all), [...ids.values()])
    for (const shown of resultsOf(all)) assert.deepEqual(shown, await v2.get(Number(shown.id)))
  })

  test('by provider leave those of that one', async () => {
    for (const { name } of catalogue) assert.deepEqual(await namesIn(`?provider=${name}`), [name])
  })

  test('by integration_type leave those of that kind, and each kind there is can be asked for', async () => {
    for (const [kind, found] of Map.groupBy(catalogue, ({ integrationType }) => integrationType)) {
      assert.deepEqual(
        await namesIn(`?integration_type=${kind}`),
        found.map(({ name }) => name),
      )
    }
  })

  test('by health leave those of that health', async () => {
    assert.deepEqual(await namesIn('?health=rejected'), ['paypal', 'stripe'])
    assert.equal((await namesIn('?health=unverified')).length, catalogue.length - 2)
    for (const health of ['healthy', 'degraded', 'unreachable', 'rate_limited', 'unverifiable']) {
      assert.deepEqual(await namesIn(`?health=${health}`), [])
    }
  })

  test('together leave what all of them leave, and the count says so', async () => {
    assert.deepEqual(await namesIn('?integration_type=payment&health=rejected&q=STRI'), ['stripe'])
    assert.deepEqual(await namesIn('?provider=stripe&integration_type=email'), [])
    assert.equal(asObject((await list('?integration_type=payment&page_size=1')).body).count, 2)
  })

  test('left empty are as if they were not given', async () => {
    assert.deepEqual(idsOf(await list('?provider=&integration_type=&health=&q=')), [...ids.values()])
  })

  test('with a value that there is not are 400 and name those there are', async () => {
    const kinds = [...new Set(catalogue.map(({ integrationType }) => integrationType))]
    for (const [name, wrong, choices] of [
      ['provider', 'strpe', catalogue.map((provider) => provider.name)],
      ['provider', 'Stripe', ['stripe']],
      ['provider', '%', ['stripe']],
      ['integration_type', 'mail', kinds],
      ['integration_type', 'EMAIL', kinds],
      [
        'health',
        'ok',
        ['unverified', 'healthy', 'degraded', 'rejected', 'unreachable', 'rate_limited', 'unverifiable'],
      ],
    ] as const) {
      const { status, body } = await list(`?${name}=${encodeURIComponent(wrong)}`)
      const { [name]: messages, code, ...more } = asObject(withoutLink(body, 'invalid'))
      assert.deepEqual([status, code, more], [400, 'invalid', {}])
      assert.ok(Array.isArray(messages))
      for (const choice of choices)
        assert.ok(textOf(messages[0]).includes(choice), `${messages[0]} names ${choice}`)
    }
  })

  test('given twice are 400 by name, also where both are the same', async () => {
    for (const [name, value] of [
      ['provider', 'stripe'],
      ['integration_type', 'email'],
      ['health', 'healthy'],
      ['q', 'x'],
    ]) {
      for (const second of [value, '', 'stripe']) {
        const { status, body } = await list(`?${name}=${value}&${name}=${second}`)
        assert.deepEqual([status, Object.keys(asObject(body))], [400, [name, 'code', 'doc_url']])
      }
    }
  })
})

describe('pages', () => {
  const made: number[] = []
  before(async () => {
    const make = await integration('paged')
    const neighbour = await integration('neighbour')
    for (let at = 0; at < 104; at++) {
      made.push(await make(at % 2 === 0 ? 'stripe' : 'paypal', `50% & more ${at}`))
      if (at % 10 === 0) await neighbour('stripe', `50% & more ${at}`)
    }
  })
  const envelope = async (query: string) => asObject((await list(query, 'paged')).body)

  test('follow each other by their links, which keep the filters, and hold every connection once', async () => {
    const filters = new URLSearchParams({ q: '50% & MORE', provider: 'stripe', page_size: '20' })
    const seen: unknown[] = []
    const links: string[] = []
    let query: string | null = `?${filters}`
    for (let number = 1; query !== null; number++) {
      const answer = await list(query, 'paged')
      seen.push(...idsOf(answer))
      const { next, previous, count }: Member = asObject(answer.body)
      assert.equal(count, 52)
      assert.equal(previous === null, number === 1)
      for (const link of [next, previous]) {
        if (link === null) continue
        const { origin, pathname, searchParams } = new URL(textOf(link))
        assert.deepEqual([origin, pathname], ['https://hub.example.test', '/base/v2/connections/'])
        for (const [name, value] of filters) assert.equal(searchParams.get(name), value)
        assert.deepEqual([...searchParams.keys()], [...searchParams.keys()].toSorted())
      }
      if (previous !== null) links.push(new URL(textOf(previous)).searchParams.get('page') ?? 'none')
      query = next === null ? null : new URL(textOf(next)).search
    }
    assert.deepEqual(
      seen,
      made.filter((_, at) => at % 2 === 0),
    )
    assert.deepEqual(links, ['none', '2'])
  })

  test('are 25 long unless asked, at most 100, and last is the last one', async () => {
    for (const [query, first, length] of [
      ['', 0, 25],
      ['?page_size=100', 0, 100],
      ['?page_size=101', 0, 100],
      ['?page_size=99999999999999999999', 0, 100],
      ['?page_size=0', 0, 25],
      ['?page_size=-1', 0, 25],
      ['?page_size=x', 0, 25],
      ['?page_size=1&page_size=2', 0, 25],
      ['?page=last', 100, 4],
      ['?page=last&page_size=103', 100, 4],
      ['?page=2&page_size=60', 60, 44],
    ] as const) {
      const ids = idsOf(await list(query, 'paged'))
      assert.deepEqual(ids, made.slice(first, first + length), query)
    }
    const { next, previous } = await envelope('?page=last')
    assert.deepEqual([next, previous], [null, 'https://hub.example.test/base/v2/connections/?page=4'])
  })

  test('that there are not are 404', async () => {
    for (const page of ['6', '0', '-1', '1.5', '1e0', 'x', '', '%201', '99999999999999999999', '1&page=1']) {
      const expected = { detail: 'Invalid page.', code: 'invalid_page' }
      expectAnswer(await list(`?page=${page}`, 'paged'), 404, expected)
    }
  })

  test('hold nothing of another integration or account, and do not count it', async () => {
    const other = await newAccount(v2.api)
    await newConnection(v2.api, other.id, { provider: 'stripe', title: '50% & more of others' })
    const neighbours = await list('?q=50%25', 'neighbour')
    assert.equal(asObject(neighbours.body).count, 11)
    assert.ok(resultsOf(neighbours).every(({ integration }) => integration === 'neighbour'))
    assert.equal((await envelope('?q=50%25')).count, 104)
    assert.equal((await envelope('?q=others')).count, 0)
    assert.equal((await envelope('?provider=stripe')).count, 52)
  })
})
