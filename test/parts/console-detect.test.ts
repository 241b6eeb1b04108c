// What the console makes of a pasted text: which provider it is of, and which fields it holds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectFields, detectProviders } from '../../console/src/pages/detect.ts'
import { shownFields } from '../../src/catalogue/define.ts'
import { fieldSchema } from '../../src/catalogue/field-schema.ts'
import { createCatalogue } from '../../src/catalogue/index.ts'
import { sampleOf } from '../support/sandbox.ts'

const providers = createCatalogue().providers.map((provider) => ({
  name: provider.name,
  fields: Object.fromEntries(shownFields(provider).map(([name, field]) => [name, fieldSchema(field)])),
}))

function fieldsOf(name: string, text: string): Record<string, string> {
  const provider = providers.find((one) => one.name === name)
  assert.ok(provider)
  return detectFields(provider, text)
}

test('a key that looks like no other names its provider and fills its field', () => {
  for (const [provider, field] of [
    ['stripe', 'secret_key'],
    ['mailchimp', 'api_key'],
  ] as const) {
    const key = field === 'api_key' ? '0123456789abcdef0123456789abcdef-us6' : `rk_test_${'a1'.repeat(12)}`
    const [first, ...others] = detectProviders(providers, `  ${key}\n`)
    assert.deepEqual(first, { provider, values: { [field]: key } })
    assert.deepEqual(others, [])
  }
})

test('lines of an environment file and of JSON fill the fields that they name', () => {
  const { access_key_id = '', secret_access_key = '' } = sampleOf('amazon', 'valid')
  const expected = { access_key_id, secret_access_key }
  const lines = `AWS_ACCESS_KEY_ID=${access_key_id}\nexport AWS_SECRET_ACCESS_KEY="${secret_access_key}"\n`
  assert.deepEqual(fieldsOf('amazon', lines), expected)
  assert.deepEqual(fieldsOf('amazon', JSON.stringify(expected, null, 2)), expected)
})

test('what could be two fields is left to people, and what looks like nothing is nothing', () => {
  const hex = 'a1'.repeat(20)
  assert.deepEqual(fieldsOf('sendreach', hex), {})
  assert.deepEqual(fieldsOf('sendreach', `api_key: ${hex}`), { api_key: hex })
  for (const text of ['', 'hello there', '12345', 'https://example.com/', '<img src=x onerror=alert(1)>']) {
    assert.deepEqual(detectProviders(providers, text), [], text)
  }
})

test('a long text is looked through quickly, whatever stands in it', () => {
  for (const text of [
    'a'.repeat(1_000_000),
    '= '.repeat(500_000),
    'a '.repeat(500_000),
    'x.'.repeat(500_000),
  ]) {
    const begun = performance.now()
    detectProviders(providers, text)
    const took = performance.now() - begun
    assert.ok(took < 1_000, `${took} ms`)
  }
})
