// Bodies that are broken, deep, wide, of the wrong kind or hold what must never be stored.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { answerTo, expectSafe, type RawAnswer, requestText } from '../support/raw-http.ts'

const integrations = '/v2/integrations/'
const freelancers = '/v2/freelancers/'
const jsonType = 'application/json'
const formType = 'application/x-www-form-urlencoded'
const fields = {
  name: 'Name',
  email: 'a@example.com',
  recipient: 'R',
  address_line_1: 'A',
  zip_code: '1',
  city: 'C',
}
const texts = [
  'name',
  'recipient',
  'address_line_1',
  'address_line_2',
  'zip_code',
  'city',
  'email',
  'id',
] as const

let api: TestApi
let key: string
before(async () => {
  api = await startApi()
  key = (await newAccount(api)).key
})
after(() => api.close())

/** POSTs bytes; a body given as text is sent as UTF-8. */
async function post(path: string, body: string | Buffer, contentType = jsonType): Promise<RawAnswer> {
  const bytes = (typeof body === 'string' ? Buffer.from(body) : body).toString('latin1')
  const answer = await answerTo(
    api.address,
    requestText('POST', path, { key, headers: [`Content-Type: ${contentType}`], body: bytes }),
  )
  expectSafe(answer)
  return answer
}

/** A body in which everything is right but for one member, given as JSON. */
function bodyWith(member: string, json: string): string {
  const others = Object.entries(fields).filter(([name]) => name !== member)
  const right = others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`)
  return `{${right.join('')}${JSON.stringify(member)}:${json}}`
}

function expectDetail(answer: RawAnswer, status: number): string {
  assert.equal(answer.status, status, answer.text)
  const { detail } = JSON.parse(answer.text) as { detail?: unknown }
  assert.ok(typeof detail === 'string', answer.text)
  return detail
}

async function storedTexts(): Promise<string> {
  const lists = await Promise.all(
    [integrations, freelancers].map((path) => call(api.address, 'GET', `${path}?page_size=100`, { key })),
  )
  return lists.map(({ text }) => text).join('')
}

describe('bodies that are no JSON object', () => {
  const broken = {
    'cut off': '{"name":"marker-7',
    'with a byte order mark': '\ufeff{"name":"marker-7"}',
    'with garbage behind it': '{"name":"marker-7"} marker-7',
    'with NaN': '{"name":NaN,"city":"marker-7"}',
    'with a comment': '{"name":1 /* marker-7 */}',
    'in single quotes': "{'name':'marker-7'}",
    'with a comma too many': '{"name":"marker-7",}',
    'with a raw control character': '{"name":"marker-7\n"}',
    'of white space alone': '  \n ',
  }
  for (const path of [integrations, freelancers]) {
    for (const [what, body] of Object.entries(broken)) {
      test(`${path}: JSON ${what} is a parse error, told without an echo or a place`, async () => {
        const answer = await post(path, body)
        assert.match(expectDetail(answer, 400), /^JSON parse error - /)
        assert.doesNotMatch(answer.text, /marker-7|position|column|line \d/i)
      })
    }
  }

  const notObjects = { list: '["marker-7"]', str: '"marker-7"', int: '1', float: '1.5', bool: 'true' }
  for (const [type, body] of Object.entries(notObjects)) {
    test(`a body that is a ${type} is named as that`, async () => {
      const answer = await post(integrations, body)
      assert.equal(answer.status, 400)
      assert.deepEqual(JSON.parse(answer.text), {
        non_field_errors: [`Invalid data. Expected a dictionary, but got ${type}.`],
      })
    })
  }

  test('no body at all lacks the required members', async () => {
    const answer = await post(integrations, '')
    assert.equal(answer.status, 400, answer.text)
  })
})

describe('deep and wide bodies', () => {
  const lists = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

  test('metadata of 32 levels is kept, one of 33 is refused', async () => {
    for (const path of [integrations, freelancers]) {
      assert.equal((await post(path, bodyWith('metadata', objects(32)))).status, 201)
      assert.equal((await post(path, bodyWith('metadata', `{"a":${lists(31)}}`))).status, 201)
      for (const tooDeep of [objects(33), `{"a":${lists(32)}}`]) {
        const answer = await post(path, bodyWith('metadata', tooDeep))
        assert.equal(answer.status, 400, answer.text)
        assert.ok(Array.isArray(JSON.parse(answer.text).metadata), answer.text)
      }
    }
  })

  const keys = (count: number) =>
    Array.from({ length: count }, (_, index) => `"${index.toString(36)}":1`).join(',')
  const pairs = Array.from({ length: 100_000 }, (_, index) => `${index.toString(36)}=1`).join('&')
  const parts = Array.from(
    { length: 10_000 },
    (_, index) => `--e\r\nContent-Disposition: form-data; name="${index}"\r\n\r\n1\r\n`,
  ).join('')
  const heavy: Array<{ what: string; body: string; type?: string; mayPass?: true }> = [
    { what: '5,000 levels of lists', body: lists(5_000) },
    { what: '5,000 levels of objects', body: objects(5_000) },
    { what: '500,000 levels of lists', body: lists(500_000) },
    { what: '1,000,000 lists opened and not closed', body: '['.repeat(1_000_000) },
    { what: '1,000,000 levels of lists', body: lists(1_000_000) },
    { what: '5,000 levels within metadata', body: bodyWith('metadata', objects(5_000)) },
    { what: '100,000 levels within a text', body: bodyWith('name', lists(100_000)) },
    { what: 'a list of 1,000,000 elements', body: `[${'0,'.repeat(999_999)}0]` },
    {
      what: 'a list of 500,000 elements in metadata',
      body: bodyWith('metadata', `{"a":[${'0,'.repeat(499_999)}0]}`),
    },
    { what: '100,000 members', body: `{${keys(100_000)}}` },
    { what: '100,000 members in metadata', body: bodyWith('metadata', `{${keys(100_000)}}`) },
    { what: 'a string of 10 MB', body: bodyWith('name', `"${'x'.repeat(10_000_000)}"`) },
    { what: 'a string of 1 MB', body: bodyWith('name', `"${'x'.repeat(1_000_000)}"`) },
    { what: '150,000 escapes', body: bodyWith('name', `"${'\\u0041'.repeat(150_000)}"`) },
    { what: 'an email of 1 MB that almost fits', body: bodyWith('email', `"${'a.'.repeat(500_000)}@"`) },
    { what: 'a number of 1,000,000 digits', body: bodyWith('name', '9'.repeat(1_000_000)) },
    { what: '100,000 fields of a form', body: pairs, type: formType },
    { what: '10,000 parts of a form', body: `${parts}--e--`, type: 'multipart/form-data; boundary=e' },
  ]
  for (const { what, body, type } of heavy) {
    test(`${what}: refused with 400 or 413 for less than two seconds of work`, async () => {
      for (const path of [integrations, freelancers]) {
        const startedAt = process.cpuUsage()
        // A body far over the limit may be met by a hang-up: that is as good a refusal.
        const answer = await post(path, body, type).catch((error: Error) => {
          assert.match(error.message, /closed without an answer/)
          assert.ok(body.length > 2_000_000)
        })
        // Time of the processor, ours as the client included: it does not grow when others are busy.
        const { user, system } = process.cpuUsage(startedAt)
        const tookMs = (user + system) / 1000
        if (answer)
          assert.ok([400, 413].includes(answer.status), `${answer.status} ${answer.text.slice(0, 300)}`)
        assert.ok(tookMs < 2_000, `it took ${Math.round(tookMs)} ms`)
      }
    })
  }

  test('none of it went wrong inside', () => {
    assert.doesNotMatch(api.log(), /unexpected error|RangeError/)
  })
})

describe('what must never be stored', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1')
  const multipart = (value: string) =>
    latin1(
      `${Object.entries({ ...fields, name: value })
        .map(([name, text]) => `--e\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`)
        .join('')}--e--\r\n`,
    )
  const form = (name: string) =>
    `${new URLSearchParams({ ...fields, name: 'x' })}`.replace('name=x', `name=${name}`)
  const invalidUtf8: Array<{ what: string; body: Buffer; type: string }> = [
    { what: 'JSON', body: latin1(bodyWith('name', '"zzz\xff"')), type: jsonType },
    { what: 'JSON, overlong', body: latin1(bodyWith('name', '"zzz\xc0\xaf"')), type: jsonType },
    { what: 'JSON, a surrogate', body: latin1(bodyWith('name', '"zzz\xed\xa0\x80"')), type: jsonType },
    { what: 'metadata', body: latin1(bodyWith('metadata', '{"a":"zzz\xe9"}')), type: jsonType },
    { what: 'a form', body: latin1(form('zzz\xff')), type: formType },
    { what: 'a form, percent-encoded', body: latin1(form('zzz%FF')), type: formType },
    { what: 'a form cut within a character', body: latin1(form('zzz%E2%82')), type: formType },
    { what: 'a multipart form', body: multipart('zzz\xff'), type: 'multipart/form-data; boundary=e' },
  ]
  for (const { what, body, type } of invalidUtf8) {
    test(`bytes that are no UTF-8 in ${what} are refused, and nothing is stored`, async () => {
      for (const path of [integrations, freelancers]) assert.equal((await post(path, body, type)).status, 400)
      assert.doesNotMatch(await storedTexts(), /zzz|\ufffd/)
    })
  }

  for (const name of texts) {
    test(`${name} takes no null character and no half of a surrogate pair`, async () => {
      for (const path of [integrations, freelancers]) {
        for (const text of ['"zzz\\u0000"', '"\\u0000"', '"zzz\\ud800"', '"\\udc00zzz"']) {
          assert.equal((await post(path, bodyWith(name, text))).status, 400, `${path} ${text}`)
        }
        assert.equal((await post(path, `${form('zzz')}&${name}=zzz%00`, formType)).status, 400)
      }
      assert.doesNotMatch(await storedTexts(), /zzz/)
    })
  }

  test('metadata takes neither of them, in names and in values, however deep', async () => {
    for (const path of [integrations, freelancers]) {
      for (const bad of ['\\u0000', 'a\\u0000b', '\\ud800', '\\udfff']) {
        for (const json of [
          `{"${bad}":1}`,
          `{"a":"${bad}"}`,
          `{"a":[{"b":{"${bad}":[]}}]}`,
          `{"a":[["${bad}"]]}`,
        ]) {
          assert.equal((await post(path, bodyWith('metadata', json))).status, 400, json)
        }
      }
    }
  })

  test('a raw null byte in JSON is refused', async () => {
    assert.equal((await post(integrations, bodyWith('name', '"zzz\0"'))).status, 400)
  })
})
