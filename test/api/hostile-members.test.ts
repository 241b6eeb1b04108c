// Members that reach for more than they name: prototypes, duplicates, odd numbers, and kinds of body not taken.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { scopes } from '../../src/hub/caller.ts'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { answerTo, expectSafe, type RawAnswer, requestText } from '../support/raw-http.ts'
import { routes } from '../support/routes.ts'

const integrations = '/v2/integrations/'
const freelancers = '/v2/freelancers/'
const formType = 'application/x-www-form-urlencoded'
const fields = {
  name: 'Name',
  email: 'a@example.com',
  recipient: 'R',
  address_line_1: 'A',
  zip_code: '1',
  city: 'C',
}
const good = JSON.stringify(fields)

let api: TestApi
let key: string
before(async () => {
  api = await startApi()
  key = (await newAccount(api)).key
})
after(() => api.close())

async function post(path: string, body: string, headers: readonly string[]): Promise<RawAnswer> {
  const answer = await answerTo(api.address, requestText('POST', path, { key, headers, body }))
  expectSafe(answer)
  return answer
}
const postJson = (path: string, body: string) => post(path, body, ['Content-Type: application/json'])
const postForm = (path: string, body: string) => post(path, body, [`Content-Type: ${formType}`])

/** A good JSON body with more members behind. */
const goodAnd = (members: string) => `${good.slice(0, -1)},${members}}`

function expectUnpolluted(): void {
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
}

describe('prototypes', () => {
  const reaching = [
    '"__proto__":{"polluted":1}',
    '"__proto__":null',
    '"constructor":{"prototype":{"polluted":1}}',
    '"\\u005f_proto__":{"polluted":1}',
    '"metadata":{"__proto__":{"polluted":1}}',
    '"metadata":{"a":[{"b":{"constructor":{"prototype":{"polluted":1}}}}]}',
  ]
  for (const members of reaching) {
    test(`JSON with ${members} is refused`, async () => {
      for (const path of [integrations, freelancers]) {
        assert.equal((await postJson(path, goodAnd(members))).status, 400, path)
      }
      expectUnpolluted()
    })
  }

  test('a member named prototype is kept in metadata like any other', async () => {
    const answer = await postJson(integrations, goodAnd('"metadata":{"prototype":{"polluted":1}}'))
    assert.equal(answer.status, 201, answer.text)
    assert.deepEqual(JSON.parse(answer.text).metadata, { prototype: { polluted: 1 } })
    expectUnpolluted()
  })

  for (const name of ['__proto__', 'constructor', '__proto__[polluted]', 'constructor.prototype.polluted']) {
    test(`a form with ${name} is refused by our own resources, as any member they do not know`, async () => {
      const form = `${new URLSearchParams({ ...fields })}&${encodeURIComponent(name)}=1`
      assert.equal((await postForm(freelancers, form)).status, 400)
      expectUnpolluted()
    })

    test(`v1 names ${name} in a form as not read there`, async () => {
      const answer = await post('/api/v1/integrations', `api_key=${key}&${encodeURIComponent(name)}=1`, [
        `Content-Type: ${formType}`,
      ])
      assert.equal(answer.status, 422, answer.text)
      assert.match(JSON.parse(answer.text).message, /__proto__|constructor/)
      expectUnpolluted()
    })
  }

  test('queries and headers of such names change nothing', async () => {
    const query = '?__proto__[polluted]=1&constructor[prototype][polluted]=1&__proto__=1&constructor=1'
    const headers = ['__proto__: polluted', 'constructor: polluted', '__proto__: again']
    for (const path of [integrations, freelancers, '/api/v1/integrations', '/healthz']) {
      const answer = await answerTo(api.address, requestText('GET', `${path}${query}`, { key, headers }))
      assert.ok([200, 400, 422].includes(answer.status), answer.text)
      expectSafe(answer)
    }
    expectUnpolluted()
  })
})

describe('errors of our own resources', () => {
  for (const name of ['detail', 'code', 'non_field_errors', 'toString', 'hasOwnProperty']) {
    test(`an unknown member named ${name} is told like any other, beside the code`, async () => {
      const answer = await postJson(freelancers, goodAnd(`"${name}":1`))
      assert.equal(answer.status, 400)
      const body = JSON.parse(answer.text) as Record<string, unknown>
      assert.equal(body.code, 'invalid')
      assert.match(answer.text, /Unknown field\./)
      if (name !== 'code') assert.deepEqual(body[name], ['Unknown field.'])
    })
  }
})

describe('members given twice', () => {
  test('the last one counts, for what is judged and for what is stored', async () => {
    const twice = await postJson(integrations, goodAnd('"id":"first","id":"second"'))
    assert.equal(JSON.parse(twice.text).id, 'second')
    assert.equal((await call(api.address, 'GET', `${integrations}first/`, { key })).status, 404)
    assert.equal((await postJson(integrations, goodAnd('"id":"third","id":"not an id"'))).status, 400)
    assert.equal((await postJson(integrations, goodAnd('"id":"not an id","id":"third"'))).status, 201)
    const form = `${new URLSearchParams({ ...fields })}&id=fourth&id=fifth`
    assert.equal(JSON.parse((await postForm(integrations, form)).text).id, 'fifth')
  })

  test('in metadata too', async () => {
    const answer = await postJson(integrations, goodAnd('"metadata":{"a":1,"b":2,"a":3}'))
    assert.deepEqual(JSON.parse(answer.text).metadata, { a: 3, b: 2 })
  })
})

describe('numbers and texts at the edge', () => {
  test('an id that is a number is exact, or refused', async () => {
    for (const number of ['2147483648', '9007199254740991']) {
      const answer = await postJson(integrations, goodAnd(`"id":${number}`))
      assert.equal(JSON.parse(answer.text).id, number)
    }
    for (const number of [
      '9007199254740992',
      '9007199254740993',
      '12345678901234567890',
      '1e999',
      '1.5',
      '1e3',
    ]) {
      const answer = await postJson(integrations, goodAnd(`"id":${number}`))
      assert.equal(answer.status, 400, `${number} ${answer.text}`)
    }
  })

  test('our own resources turn no number, boolean or list into a text', async () => {
    for (const value of ['1', '1.5', 'true', '["x"]', '{}', '1e999']) {
      const answer = await postJson(freelancers, good.replace('"Name"', value))
      assert.equal(answer.status, 400, `${value} ${answer.text}`)
      assert.ok(Array.isArray(JSON.parse(answer.text).name), answer.text)
    }
  })

  test('composed and decomposed texts come back as they were given', async () => {
    for (const text of ['Malmv\u00e4gen', 'Malmva\u0308gen', '\u212a', 'ａｄｍｉｎ', '😀\u200d👩']) {
      for (const path of [integrations, freelancers]) {
        const created = await call(api.address, 'POST', path, {
          key,
          body: { ...fields, name: text, metadata: { [text]: text } },
        })
        const { id } = created.body as { id: string }
        const shown = (await call(api.address, 'GET', `${path}${id}/`, { key })).body as typeof fields & {
          metadata: unknown
        }
        assert.equal(shown.name, text)
        assert.deepEqual(shown.metadata, { [text]: text })
      }
    }
  })
})

describe('kinds of body', () => {
  const refused = [
    'text/plain',
    'application/json; charset=utf-16',
    'application/json\tx',
    'application/json garbage',
    'application/jsonp',
    'application/xml',
    'json',
    '',
  ]
  for (const type of refused) {
    test(`a body of the kind ${JSON.stringify(type)} is refused with 415 that names it`, async () => {
      for (const path of [integrations, freelancers]) {
        const answer = await post(path, good, [`Content-Type: ${type}`])
        assert.equal(answer.status, 415, answer.text)
        assert.match(JSON.parse(answer.text).detail, /^Unsupported media type "[^"]*" in request\.$/)
      }
    })
  }

  test('a body of no kind is refused with 415', async () => {
    assert.equal((await post(integrations, good, [])).status, 415)
  })

  for (const type of [
    'APPLICATION/JSON',
    ' application/json',
    'application/json; charset=UTF-8',
    'application/json;',
  ]) {
    test(`a body of the kind "${type}" is taken, and judged like any other`, async () => {
      assert.equal((await post(integrations, good, [`Content-Type: ${type}`])).status, 201)
      const bad = await post(integrations, '{"name":[]}', [`Content-Type: ${type}`])
      assert.equal(bad.status, 400)
      assert.deepEqual(JSON.parse(bad.text).name, ['Not a valid string.'])
    })
  }

  for (const encoding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, identity', 'x']) {
    test(`a body with Content-Encoding ${encoding} is refused with 415`, async () => {
      const body = gzipSync(good).toString('latin1')
      const headers = ['Content-Type: application/json', `Content-Encoding: ${encoding}`]
      assert.equal((await post(integrations, body, headers)).status, 415)
    })
  }
})

describe('parameters of a query', () => {
  const lists = routes.filter(({ route }) => route.method === 'GET' && !route.path.includes(':'))
  for (const { label, route } of lists) {
    for (const name of Object.keys(route.query?.properties ?? {})) {
      test(`${label}: text in ${name} that no engine may keep is no fault of ours`, async () => {
        const { key } = await newAccount(api, { scopes })
        for (const value of ['%00', '1%00', '%ED%A0%80', '%F0%9F%92%A9']) {
          const headers = { 'integration-id': '1' }
          const { status } = await call(api.address, 'GET', `${route.path}?${name}=${value}`, {
            key,
            headers,
          })
          assert.ok(status < 500, `${value}: ${status}`)
        }
      })
    }
  }
})
