// Searching connections by title: literal, in whatever case, however an accent is written.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Connections, connectionsPath, startConnections } from '../support/connections.ts'
import { asObject, idsOf, resultsOf } from '../support/v2.ts'

const list = (query: string) => v2.send('GET', `${connectionsPath}${query}`)
const search = (q: string) => list(`?q=${encodeURIComponent(q)}`)

const titles = {
  percent: '100% of sales',
  underscore: 'snake_case',
  backslash: 'back\\slash',
  quote: `it's "quoted"`,
  composed: '\u00c5ngstr\u00f6m caf\u00e9',
  decomposed: 'A\u030angstro\u0308m cafe\u0301',
  emoji: '\u{1f980} crab',
  greek: 'ΟΔΟΣΕΙΣ ΔΟΣΕΙΣ',
  plain: 'Shop payments',
}
let v2: Connections
before(async () => {
  v2 = await startConnections()
  for (const title of Object.values(titles)) await v2.make('disqus', {}, { title })
})
after(() => v2.api.close())

const found = async (q: string) => {
  const answer = await search(q)
  assert.equal(answer.status, 200, answer.text)
  const shown = resultsOf(answer).map(({ title }) => title)
  assert.equal(asObject(answer.body).count, shown.length)
  return Object.entries(titles).flatMap(([name, title]) => (shown.includes(title) ? [name] : []))
}

for (const [q, names] of [
  ['%', ['percent']],
  ['0% ', ['percent']],
  ['_', ['underscore']],
  ['e_c', ['underscore']],
  ['\\', ['backslash']],
  ['k\\s', ['backslash']],
  ["'", ['quote']],
  [`'s "q`, ['quote']],
  ['"', ['quote']],
  ['\u{1f980}', ['emoji']],
  [' ', ['percent', 'quote', 'composed', 'decomposed', 'emoji', 'greek', 'plain']],
  ['shop PAY', ['plain']],
  ['%%', []],
  ['%s', []],
  ['s%s', []],
  ['\\%', []],
  ['\\_', []],
  ['\\\\', []],
  ['[a-z]', []],
  ['.*', []],
  ['^', []],
  ['*', []],
  ['?', []],
  [`' or '1'='1`, []],
  [`'; drop table connections; --`, []],
  ['Shop payments ', []],
] as const) {
  test(`takes ${q} literally`, async () => {
    assert.deepEqual(await found(q), names)
  })
}

test('finds titles however an accent is written and whatever the case, and gives them back as they came', async () => {
  for (const q of [
    '\u00c5ngstr\u00f6m',
    'A\u030angstro\u0308m',
    '\u00e5NGSTR\u00d6M',
    'CAFE\u0301',
    'caf\u00c9',
  ]) {
    assert.deepEqual(await found(q), ['composed', 'decomposed'], q)
  }
  assert.deepEqual(await found('angstrom'), [], 'an accent is a part of the letter')
})

test('of ten kilobytes is answered like any other that finds nothing', async () => {
  for (const q of ['_'.repeat(10_000), 'x'.repeat(10_000), '%'.repeat(3_300), '\\'.repeat(3_300)]) {
    assert.deepEqual(await found(q), [])
  }
})

test('with a NUL finds nothing: no title has one', async () => {
  for (const q of ['\0', 'Shop\0', '\0Shop', 'Shop\0payments']) assert.deepEqual(await found(q), [], q)
})

test('that is no UTF-8 is 400', async () => {
  for (const q of ['%ff', '%E0%A4%A', '%']) {
    const { status, body } = await list(`?q=${q}`)
    assert.deepEqual([status, asObject(body).code], [400, 'malformed'])
  }
})

test('finds any part of a title in upper case, also where a letter looks different at the end of a word', async () => {
  for (const part of ['ΔΟΣΕΙΣ', 'ΔΟΣ', 'δοσ', 'ΟΔΟΣ', 'ΣΕΙΣ']) {
    assert.deepEqual(await found(part), ['greek'], part)
  }
})

test('finds by the new title once it is changed, and no longer by the old one', async () => {
  const [shown] = resultsOf(await search('snake'))
  const rename = (title: string) => v2.change('PATCH', Number(shown?.id), { title })
  await rename('OSTRICH')
  assert.deepEqual([idsOf(await search('ostrich')), idsOf(await search('snake'))], [[shown?.id], []])
  await rename(titles.underscore)
})
