// Declarations of providers with mistakes: each is refused in words that name the file, the place and the remedy.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readDeclarations } from '../../src/catalogue/declared.ts'
import { declaration, field, withField } from '../support/declarations.ts'

const without = (name: string) =>
  Object.fromEntries(Object.entries(declaration()).filter(([key]) => key !== name))

describe('a file with a mistake is refused, naming the file, the place and what to do:', () => {
  const refused: ReadonlyArray<readonly [what: string, file: unknown, place: string, words: RegExp]> = [
    ['no JSON', '{\n"name": tru\n}', 'line 2', /missing or one too many/],
    ['a comma too many', '{\n"name": "acme",\n}', 'line 3, column 1', /missing or one too many/],
    ['nothing', '', 'line 1', /missing/],
    ['a list', [declaration()], '', /one object/],
    ['a missing member', without('auth'), 'auth', /missing\. Choose from: header, bearer/],
    ['an unknown member', declaration({ colour: 'red' }), 'colour', /Known: name, title,/],
    ['an unknown member of a field', withField({ isSecret: true }), 'fields[1].isSecret', /Known: .*secret/],
    ['a member that all objects have', '{"__proto__": {}, "constructor": 1}', '__proto__', /Known/],
    ['a name with capitals', declaration({ name: 'Acme' }), 'name', /a-z, 0-9 and _/],
    ['a name that is too long', declaration({ name: 'a'.repeat(41) }), 'name', /1 to 40/],
    ['a built-in name', declaration({ name: 'stripe' }), 'name', /"stripe" is built in/],
    ['a built-in type', declaration({ name: 'google__analytics' }), 'name', /IntegrationGoogleAnalytics/],
    ['a blank title', declaration({ title: ' ' }), 'title', /1 to 100/],
    ['a title that moves the cursor', declaration({ title: 'Ac\u001b[2Jme' }), 'title', /one line/],
    ['an unknown kind', declaration({ integration_type: 'crm' }), 'integration_type', /analytics, chat/],
    ['an unknown auth', declaration({ auth: 'password' }), 'auth', /oauth2_refresh/],
    [
      'an unknown lifecycle',
      declaration({ lifecycle: { state: 'new', note: 'x' } }),
      'lifecycle.state',
      /renamed/,
    ],
    [
      'no reason for a lifecycle',
      declaration({ lifecycle: { state: 'renamed' } }),
      'lifecycle.note',
      /Say what/,
    ],
    ['no fields', declaration({ fields: [] }), 'fields', /1 to 30/],
    [
      'too many fields',
      declaration({ fields: Array.from({ length: 31 }, (_, n) => field({ name: `f${n}` })) }),
      'fields',
      /30/,
    ],
    ['fields by name', declaration({ fields: { token: field() } }), 'fields', /list/],
    ['a field that is a text', declaration({ fields: ['token'] }), 'fields[0]', /an object/],
    ['a field without help', withField({ help: undefined }), 'fields[1].help', /missing/],
    ['a field name with a hyphen', withField({ name: 'a-b' }), 'fields[1].name', /a-z, 0-9/],
    ['a field name that is taken', withField({ name: 'token' }), 'fields[1].name', /Another field/],
    ['a field called id', withField({ name: 'id' }), 'fields[1].name', /account_id/],
    ['a field called title', withField({ name: 'title' }), 'fields[1].name', /account_id/],
    ['a field called constructor', withField({ name: 'constructor' }), 'fields[1].name', /constructor/],
    ['a status', withField({ kind: 'status' }), 'fields[1].kind', /text, object/],
    ['a secret that is no flag', withField({ secret: 'yes' }), 'fields[1].secret', /true or false/],
    ['a secret object', withField({ kind: 'object', secret: true }), 'fields[1].secret', /kind text/],
    [
      'a secret that starts with something',
      withField({ secret: true, initial: 'x' }),
      'fields[1].initial',
      /secret/,
    ],
    ['a secret with choices', withField({ secret: true, enum: ['x'] }), 'fields[1].enum', /secret/],
    ['a secret address', withField({ secret: true, origin: true }), 'fields[1].origin', /secret/],
    [
      'a broken pattern',
      withField({ pattern: '^[a-z' }),
      'fields[1].pattern',
      /unterminated character class/,
    ],
    ['a broken guess', withField({ likely_pattern: '(' }), 'fields[1].likely_pattern', /unterminated group/],
    ['a long pattern', withField({ pattern: 'a'.repeat(201) }), 'fields[1].pattern', /200 .*201/],
    [
      'a pattern that takes for ever',
      withField({ pattern: '^(a+)+$' }),
      'fields[1].pattern',
      /repeated group/,
    ],
    [
      'a choice that is repeated',
      withField({ pattern: '^(?:a|aa)*$' }),
      'fields[1].pattern',
      /repeated group/,
    ],
    ['choices and a pattern', withField({ enum: ['a'], pattern: 'a' }), 'fields[1].pattern', /one of them/],
    ['a choice twice', withField({ enum: ['a', 'a'] }), 'fields[1].enum', /different/],
    ['a start that is no choice', withField({ enum: ['a'], initial: 'b' }), 'fields[1].initial', /refused/],
    [
      'an example that is refused',
      withField({ pattern: '^a', examples: ['a', 'b'] }),
      'fields[1].examples',
      /refused/,
    ],
  ]
  for (const [what, content, place, words] of refused) {
    test(what, () => {
      const text = typeof content === 'string' ? content : JSON.stringify(content)
      const { providers, mistakes } = readDeclarations([{ file: 'bad.json', text }])
      assert.deepEqual(providers, [])
      const told = mistakes.find((mistake) => mistake.startsWith(`bad.json${place && `, ${place}`}: `))
      assert.ok(told, `${place} is in ${mistakes.join('\n')}`)
      assert.match(told, words)
    })
  }

  test('one name in two files', () => {
    const files = ['a.json', 'b.json'].map((file) => ({ file, text: JSON.stringify(declaration()) }))
    const { mistakes } = readDeclarations(files)
    assert.deepEqual(mistakes, [
      'b.json, name: The provider "acme" is declared in a.json. Choose another name.',
    ])
  })

  test('several at once, in one file', () => {
    const text = JSON.stringify(
      declaration({ name: 'A', auth: 1, fields: [field({ name: 'id', title: '', pattern: '(' })] }),
    )
    const places = readDeclarations([{ file: 'bad.json', text }]).mistakes.map(
      (mistake) => /^bad\.json, ([^:]+):/.exec(mistake)?.[1],
    )
    assert.deepEqual(places.toSorted(), [
      'auth',
      'fields[0].name',
      'fields[0].pattern',
      'fields[0].title',
      'name',
    ])
  })
})

describe('patterns that cannot take long are taken', () => {
  for (const pattern of [
    '^https?://',
    '^(a|b)?c+$',
    '[(a+)]+',
    '\\(a+\\)+x',
    '^(ab){2,}$',
    '^a{1,3}(b+)c$',
  ]) {
    test(pattern, () => {
      const { mistakes } = readDeclarations([
        { file: 'a.json', text: JSON.stringify(withField({ pattern })) },
      ])
      assert.deepEqual(mistakes, [])
    })
  }
})
