// The catalogue over HTTP: the providers, their fields as JSON Schema, and what can be done with them.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { authKinds, type Field, integrationTypes, shownFields } from '../../src/catalogue/define.ts'
import { providers } from '../../src/catalogue/index.ts'
import { asObject, expectAnswer, resultsOf, startV2, textOf, type V2, withoutLink } from '../support/v2.ts'

const path = '/v2/providers/'
const publicUrl = 'https://hub.example.com'
/** In the order of v1's document; how each is shown its credentials. */
const table: ReadonlyArray<readonly [name: string, auth: string]> = [
  ['active_campaign', 'header'],
  ['amazon', 'aws_sigv4'],
  ['aweber', 'oauth1'],
  ['convertkit', 'query'],
  ['disqus', 'none'],
  ['drip', 'bearer'],
  ['getresponse', 'header'],
  ['google_analytics', 'oauth2_refresh'],
  ['html', 'none'],
  ['infusionsoft', 'bearer'],
  ['intercom', 'bearer'],
  ['mailchimp', 'basic'],
  ['ontraport', 'header'],
  ['paypal', 'oauth2_client_credentials'],
  ['sendreach', 'hmac'],
  ['stripe', 'bearer'],
  ['wishlist', 'handshake'],
]
/** Those with something for pages. */
const embeddable = ['disqus', 'google_analytics', 'html', 'intercom', 'stripe']

let v2: V2
let all: Record<string, unknown>[]
before(async () => {
  v2 = await startV2({ publicUrl })
  all = resultsOf(await v2.send('GET', path))
})
after(() => v2.api.close())

const get = (query: string) => v2.send('GET', `${path}${query}`)
const namesIn = (results: Record<string, unknown>[]) => results.map(({ name }) => name)
const fieldsOf = (shown: Record<string, unknown>) =>
  Object.entries(asObject(shown.fields)).map(([name, schema]) => [name, asObject(schema)] as const)
const shownOf = (name: string) => {
  const shown = all.find((provider) => provider.name === name)
  assert.ok(shown, name)
  return shown
}

describe('the list', () => {
  test('holds the seventeen providers on one page, in the order of the document, each with its auth', () => {
    assert.deepEqual(
      all.map(({ name, auth }) => [name, auth]),
      table,
    )
    const kinds: readonly string[] = authKinds
    assert.ok(table.every(([, auth]) => kinds.includes(auth)))
  })

  test('has the envelope and the links of every numbered list', async () => {
    const answer = await get('?page_size=7&page=2&integration_type=')
    assert.equal(answer.status, 200)
    const { results: _results, ...envelope } = asObject(answer.body)
    assert.deepEqual(envelope, {
      count: 17,
      next: `${publicUrl}${path}?integration_type=&page=3&page_size=7`,
      previous: `${publicUrl}${path}?integration_type=&page_size=7`,
    })
    assert.deepEqual(namesIn(resultsOf(answer)), namesIn(all).slice(7, 14))
    assert.deepEqual(namesIn(resultsOf(await get('?page=last&page_size=7'))), namesIn(all).slice(14))
    expectAnswer(await get('?page=2'), 404, { detail: 'Invalid page.', code: 'invalid_page' })
  })

  test('is narrowed by integration_type, and every kind but that of declared ones has some', async () => {
    for (const kind of integrationTypes) {
      const expected = all.filter((provider) => provider.integration_type === kind)
      assert.equal(expected.length > 0, kind !== 'other')
      const answer = await get(`?integration_type=${kind}`)
      assert.deepEqual(resultsOf(answer), expected)
      assert.equal(asObject(answer.body).count, expected.length)
    }
  })

  test('refuses a kind that there is not, naming those there are', async () => {
    for (const kind of ['e-mail', 'Email', 'constructor', '0', '%F0%9F%98%80', 'x'.repeat(3000)]) {
      const { status, body } = await get(`?integration_type=${kind}`)
      assert.equal(status, 400)
      const { integration_type: messages, ...more } = asObject(withoutLink(body, 'invalid'))
      assert.deepEqual(more, { code: 'invalid' })
      assert.ok(Array.isArray(messages) && messages.length === 1)
      for (const known of integrationTypes) assert.ok(textOf(messages[0]).includes(known))
      assert.doesNotMatch(
        textOf(messages[0]),
        /e-mail|Email|constructor|xxx/,
        'what was sent is not repeated',
      )
    }
    assert.equal((await get('?integration_type=email&integration_type=chat')).status, 400)
  })
})

describe('one provider', () => {
  test('is shown as the list shows it, at both slash forms', async () => {
    for (const shown of all) {
      expectAnswer(await get(`${shown.name}/`), 200, shown)
      expectAnswer(await get(`${shown.name}`), 200, shown)
    }
  })

  test('has its members in the documented order', () => {
    assert.deepEqual(Object.keys(shownOf('stripe')), [
      'name',
      'type',
      'integration_type',
      'title',
      'lifecycle',
      'auth',
      'fields',
      'secrets',
      'capabilities',
    ])
    assert.deepEqual(shownOf('stripe').lifecycle, { state: 'current', note: null })
    const { state, note } = asObject(shownOf('sendreach').lifecycle)
    assert.equal(state, 'discontinued')
    assert.match(textOf(note), /MailWizz/)
  })

  test('that there is not is 404, whatever it is called', async () => {
    for (const name of ['strpe', 'Stripe', 'IntegrationStripe', 'constructor', '__proto__', '17', '%00']) {
      expectAnswer(await get(`${name}/`), 404, { detail: 'Not found.', code: 'not_found' })
    }
  })

  test('says what it can do, and of everything else why not', () => {
    const unable = new Set<string>()
    for (const { name, capabilities } of all) {
      const shown = Object.entries(asObject(capabilities))
      assert.deepEqual(
        shown.map(([capability]) => capability),
        ['verify', 'proxy', 'embed'],
      )
      for (const [capability, ability] of shown) {
        const { available, reason } = asObject(ability)
        const isExpected = capability !== 'embed' || embeddable.includes(textOf(name))
        if (available !== isExpected) unable.add(`${name} ${capability}`)
        if (available === true) assert.equal(reason, null)
        else assert.match(textOf(reason), /^[A-Z].{10,}\.$/)
      }
    }
    assert.deepEqual([...unable], ['disqus proxy', 'html verify', 'html proxy'])
  })
})

describe('the fields of every provider', () => {
  test('are those of its declaration, in its order', () => {
    for (const { name, fields } of providers) {
      assert.deepEqual(
        fieldsOf(shownOf(name)).map(([field]) => field),
        shownFields({ fields }).map(([field]) => field),
      )
    }
  })

  test('are writeOnly where they are secrets, and named so', () => {
    let secrets = 0
    for (const { name, fields } of providers) {
      const declared = shownFields({ fields }).filter(([, field]) => field.isSecret)
      const expected = declared.map(([field]) => field)
      const writeOnly = fieldsOf(shownOf(name)).filter(([, schema]) => schema.writeOnly === true)
      assert.deepEqual(
        writeOnly.map(([field]) => field),
        expected,
      )
      assert.deepEqual(shownOf(name).secrets, expected)
      secrets += expected.length
    }
    assert.ok(secrets >= 18, 'as many as the document has, and those of today')
  })

  test('have no guess for a pattern, and no fact for a guess', () => {
    let guesses = 0
    for (const { name, fields } of providers) {
      const shown = new Map(fieldsOf(shownOf(name)))
      for (const [field, { pattern, likelyPattern }] of Object.entries<Field>(fields)) {
        assert.equal(shown.get(field)?.pattern, pattern)
        assert.equal(shown.get(field)?.['x-likely-pattern'], likelyPattern)
        if (likelyPattern !== undefined) guesses++
      }
    }
    assert.ok(guesses > 20)
  })

  test('are JSON Schemas that accept their own examples and defaults', () => {
    const ajv = new Ajv2020({ strict: false })
    let examined = 0
    for (const shown of all) {
      for (const [field, schema] of fieldsOf(shown)) {
        const accepts = ajv.compile(schema)
        const { examples = [], default: initial = [], 'x-likely-pattern': guess } = schema
        for (const value of [examples, initial].flat()) {
          assert.ok(accepts(value), `${shown.name}.${field}: ${value}`)
          // One that ends in dots is only the beginning of a value.
          const isWhole = !textOf(value).endsWith('…')
          if (isWhole && guess) assert.match(textOf(value), new RegExp(textOf(guess), 'u'))
          examined++
        }
        assert.equal(accepts(7), false, `${shown.name}.${field} takes texts or objects`)
      }
    }
    assert.ok(examined > 15)
  })

  test('are readOnly where Mortise writes them, and objects where they are', () => {
    const ready = asObject(asObject(shownOf('amazon').fields).ready)
    assert.deepEqual(ready, {
      type: 'string',
      title: 'Bucket status',
      description: 'Written by Mortise when it checks the bucket.',
      enum: ['pending', 'ready', 'error'],
      default: 'pending',
      readOnly: true,
    })
    assert.equal(asObject(asObject(shownOf('html').fields).params).type, 'object')
  })
})
