// What a page needs of a connection: asked for like the connection itself, made of plain fields alone, or refused with what to change.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { call, newKey } from '../support/api.ts'
import {
  at,
  type Connections,
  catalogue,
  fieldsFor,
  type Member,
  secretsFor,
  startConnections,
} from '../support/connections.ts'
import { attributeOf, elementOf, elementsOf, recordedBy, textIn } from '../support/markup.ts'
import { asObject, expectAnswer, textOf, withoutLink } from '../support/v2.ts'

let v2: Connections
before(async () => {
  v2 = await startConnections()
})
after(() => v2.api.close())

const ask = (id: number, query = '') => v2.send('GET', `${at(id, 'embed')}${query}`)

async function embedOf(id: number, query = ''): Promise<{ html: string; hosts: unknown; warnings: unknown }> {
  const { status, body, text } = await ask(id, query)
  assert.equal(status, 200, text)
  const { id: shown, provider, html, hosts, warnings, ...more } = asObject(body)
  assert.deepEqual([shown, provider, more], [id, (await v2.get(id)).provider, {}])
  return { html: textOf(html), hosts, warnings }
}

/** What is told of each field. */
async function refusedFields(id: number): Promise<Member> {
  const { status, body, text } = await ask(id)
  assert.equal(status, 409, text)
  const { code, fields, ...more } = asObject(withoutLink(body, 'not_embeddable'))
  assert.deepEqual([code, more], ['not_embeddable', {}])
  return asObject(fields)
}

const pk = 'pk_live_00000000000000000000'

describe('the snippet of', () => {
  test('Stripe loads Stripe.js and hands it the publishable key', async () => {
    const { html, ...more } = await embedOf(await v2.make('stripe', { publishable_key: pk }))
    assert.equal(
      html,
      `<script src="https://js.stripe.com/dahlia/stripe.js"></script>\n<script>\nvar stripe = Stripe("${pk}");\n</script>`,
    )
    assert.deepEqual(more, { hosts: ['https://js.stripe.com'], warnings: [] })
    const ofTest = await embedOf(await v2.make('stripe', { publishable_key: 'pk_test_1' }))
    assert.match(String(ofTest.warnings), /publishable_key does not look as it usually does.*test key/)
  })

  test('Stripe is refused where the publishable key is a secret one', async () => {
    for (const key of ['sk_live_1', 'rk_test_1']) {
      const { publishable_key: told } = await refusedFields(await v2.make('stripe', { publishable_key: key }))
      assert.match(String(told), /^This holds a secret key/)
      assert.doesNotMatch(String(told), /live_1|test_1/)
    }
  })

  test('Google Analytics loads gtag.js with the measurement id, and says that an old id measures nothing', async () => {
    const { html, ...more } = await embedOf(
      await v2.make('google_analytics', { web_property_id: 'G-ABC123' }),
    )
    const [script, inline] = elementsOf(html)
    assert.ok(script && inline)
    assert.equal(attributeOf(script, 'src'), 'https://www.googletagmanager.com/gtag/js?id=G-ABC123')
    assert.match(textIn(inline), /gtag\('config', "G-ABC123"\);/)
    assert.deepEqual(more, { hosts: ['https://www.googletagmanager.com'], warnings: [] })
    const old = await embedOf(await v2.make('google_analytics', { web_property_id: 'UA-1-1' }))
    assert.match(String(old.warnings), /^web_property_id is of Universal Analytics, .* measures nothing\./)
  })

  test('Disqus knows the page by what the query says of it', async () => {
    const id = await v2.make('disqus', { forum_shortname: 'my-product' })
    const plain = await embedOf(id)
    assert.equal(
      plain.html,
      '<div id="disqus_thread"></div>\n<script async src="https://my-product.disqus.com/embed.js"></script>',
    )
    assert.match(String(plain.warnings), /\?url= and \?identifier=/)
    assert.deepEqual(plain.hosts, ['https://my-product.disqus.com'])

    const given = { url: 'https://shop.example/a?b=c&d="e', identifier: `</script>'"\u2028é`, title: '1 & 2' }
    const { html, warnings } = await embedOf(id, `?${new URLSearchParams(given)}`)
    assert.deepEqual(warnings, [])
    const config = elementsOf(html).filter(({ tagName, attrs }) => tagName === 'script' && attrs.length === 0)
    assert.equal(config.length, 1)
    const run = `<script>${config.map(textIn)}; var me = { page: {} }; disqus_config.call(me); record(JSON.stringify(me.page))</script>`
    assert.deepEqual(JSON.parse(String(recordedBy(run)[0])), given)
  })

  test('Disqus takes no page that is none, and none of its words twice', async () => {
    const id = await v2.make('disqus', { forum_shortname: 'my-product' })
    for (const url of ['javascript:alert(1)', '/a', 'shop.example', 'http://']) {
      const { status, body } = await ask(id, `?url=${encodeURIComponent(url)}`)
      assert.deepEqual([status, asObject(body).code], [400, 'invalid'])
      assert.match(String(asObject(body).url), /^Give the whole address/)
    }
    for (const name of ['url', 'identifier', 'title']) {
      const { status, body } = await ask(id, `?${name}=http://a.example&${name}=http://b.example`)
      assert.deepEqual([status, Object.keys(asObject(body))], [400, [name, 'code', 'doc_url']])
    }
    assert.deepEqual(await embedOf(id, '?url=&identifier=&title='), await embedOf(id))
  })

  test('Intercom boots the messenger in its region, and says which field it lacks', async () => {
    const id = await v2.make('intercom', { access_token: 'secret-of-the-workspace' })
    assert.match(String((await refusedFields(id)).app_id), /^Set this field first\. The id of the workspace/)
    for (const [region, host] of [
      ['us', 'https://api-iam.intercom.io'],
      ['eu', 'https://api-iam.eu.intercom.io'],
      ['au', 'https://api-iam.au.intercom.io'],
      [null, 'https://api-iam.intercom.io'],
    ]) {
      await v2.change('PATCH', id, { fields: { app_id: 'abc12345', region } })
      const { html, hosts, warnings } = await embedOf(id)
      assert.ok(html.includes(`{ api_base: "${host}", app_id: "abc12345" }`))
      assert.ok(html.includes('src="https://widget.intercom.io/widget/abc12345"'))
      assert.deepEqual(
        [hosts, warnings],
        [['https://widget.intercom.io', 'https://js.intercomcdn.com', host], []],
      )
    }
    assert.ok(!Object.hasOwn(await v2.v1(id), 'app_id'), 'v1 does not have it')
  })

  test('HTML is the block with its parameters, or says where one cannot stand', async () => {
    const html = '<form action="{{ url }}?l={{ list }}"><input name=n value="{{ n }}">{{ who }}</form>'
    const fields = {
      html,
      params: { list: 'a&b', n: '12345678901234567890', idle: 1 },
      url: 'https://a.example/s',
    }
    const id = await v2.make('html', fields)
    const made = await embedOf(id)
    assert.equal(
      made.html,
      '<form action="https://a.example/s?l=a%26b"><input name=n value="12345678901234567890">{{ who }}</form>',
    )
    assert.deepEqual(made.hosts, ['https://a.example'])
    assert.deepEqual(made.warnings, [
      '{{ who }} has no value and is left as it stands. Give who in params.',
      'idle in params stands nowhere: {{ idle }} is not in the HTML.',
    ])
    await v2.change('PATCH', id, {
      fields: { params: { who: '<script>alert(1)</script>' }, html: '<p>{{ who }}</p>' },
    })
    const safe = await embedOf(id)
    assert.equal(textIn(elementOf(safe.html, 'p')), '<script>alert(1)</script>')
    await v2.change('PATCH', id, { fields: { html: '<!-- {{ who }} -->' } })
    assert.deepEqual(await refusedFields(id), {
      html: ['{{ who }} in line 1, column 6 stands in a comment, which nobody sees.'],
    })
    await v2.change('PATCH', id, { fields: { html: null } })
    assert.match(String((await refusedFields(id)).html), /^Set this field first\./)
  })

  test('HTML keeps numbers as they were written', async () => {
    const body =
      '{"provider":"html","title":"n","fields":{"html":"{{ n }}","params":{"n":12345678901234567890.10}}}'
    const { id } = asObject((await v2.sendText('POST', '/v2/connections/', body)).body)
    assert.equal((await embedOf(Number(id))).html, '12345678901234567890.10')
  })

  test('every other provider does not exist, with the reason that the catalogue gives', async () => {
    let without = 0
    for (const { name, title, snippet } of catalogue) {
      if (snippet) continue
      without++
      const detail = `Mortise has no snippet of ${title} for pages.`
      expectAnswer(await ask(await v2.make(name, {})), 409, { detail, code: 'not_embeddable' })
      const { capabilities } = asObject((await v2.send('GET', `/v2/providers/${name}/`)).body)
      assert.deepEqual(asObject(capabilities).embed, { available: false, reason: detail })
    }
    assert.equal(without, 12)
  })
})

test('no secret is ever in a snippet, nor in why there is none', async () => {
  for (const { name } of catalogue) {
    const id = await v2.make(name, fieldsFor(name))
    const { text } = await ask(id)
    for (const secret of Object.values(secretsFor(name))) {
      assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)) && !text.includes(secret), name)
    }
    assert.doesNotMatch(text, /CANARY/, name)
  }
})

test('it is for keys that may read connections, and uses up no secret', async () => {
  const id = await v2.make('stripe', { publishable_key: pk, secret_key: 'sk_live_1' })
  const asking = async (scope: 'connections:read' | 'integrations:read') =>
    call(v2.api.address, 'GET', at(id, 'embed'), {
      key: await newKey(v2.api, v2.account.id, { scopes: [scope] }),
      headers: { 'integration-id': '1' },
    })
  assert.equal((await asking('connections:read')).status, 200)
  assert.equal((await asking('integrations:read')).status, 403)
  await v2.api.hub.flush()
  assert.equal(asObject((await v2.send('GET', at(id, 'usage'))).body).times, 0)
})
