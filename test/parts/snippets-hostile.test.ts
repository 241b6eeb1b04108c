// However hostile a value is, a page gets no element, no attribute and no statement of a script from it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createCatalogue } from '../../src/catalogue/index.ts'
import type { EmbeddingPage, Snippet } from '../../src/catalogue/snippet.ts'
import { generated } from '../support/generated.ts'
import {
  attributeOf,
  elementOf,
  elementsOf,
  fill,
  hostileText,
  recordedBy,
  structureOf,
  textIn,
  windowAfter,
} from '../support/markup.ts'

/** A value that says nothing anywhere. */
const tame = 'x'

/** Whether a value is refused wherever it is to stand. */
const isBroken = (value: string) => !value.isWellFormed() || value.includes('\0')
const schemeOf = (value: string) => URL.parse(value, 'https://page.example')?.protocol ?? 'none'
const isCode = (value: string) => /^(java|vb)script:$/.test(schemeOf(value))

describe('a block of HTML with a hostile value', () => {
  type Place = {
    block: string
    /** What the value is in the page. */
    found: (html: string) => unknown
    /** What may be refused, beside what is broken. */
    refuses?: (value: string) => boolean
  }
  const places: Readonly<Record<string, Place>> = {
    text: { block: '<p>{{ a }}</p><i></i>', found: (html) => textIn(elementOf(html, 'p')) },
    'a text area': {
      block: '<textarea>.{{ a }}</textarea>',
      found: (html) => textIn(elementOf(html, 'textarea')).slice(1),
    },
    'an attribute in double quotes': {
      block: '<i title="{{ a }}" id=x></i>',
      found: (html) => attributeOf(elementOf(html, 'i'), 'title'),
    },
    'an attribute in single quotes': {
      block: "<i title='{{ a }}' id=x></i>",
      found: (html) => attributeOf(elementOf(html, 'i'), 'title'),
    },
    'an attribute without quotes': {
      block: '<i title=.{{ a }} id=x></i>',
      found: (html) => attributeOf(elementOf(html, 'i'), 'title')?.slice(1),
    },
    'a string in double quotes': {
      block: '<script>record("{{ a }}")</script>',
      found: (html) => recordedBy(html)[0],
      refuses: isCode,
    },
    'a string in single quotes': {
      block: "<script>record('{{ a }}')</script>",
      found: (html) => recordedBy(html)[0],
      refuses: isCode,
    },
    'a template': {
      block: '<script>record(`{{ a }}`)</script>',
      found: (html) => recordedBy(html)[0],
      refuses: isCode,
    },
    JSON: {
      block: '<script type="application/json">["{{ a }}"]</script>',
      found: (html) => JSON.parse(textIn(elementOf(html, 'script')))[0],
      refuses: isCode,
    },
    'an event handler': {
      block: `<i onclick="record('{{ a }}')"></i>`,
      found: (html) => recordedBy(`<script>${attributeOf(elementOf(html, 'i'), 'onclick')}</script>`)[0],
      refuses: isCode,
    },
    'a part of an address': {
      block: '<a href="https://a.example/?q={{ a }}&r=1">x</a>',
      found(html) {
        const { host, searchParams } = new URL(attributeOf(elementOf(html, 'a'), 'href') ?? '')
        assert.deepEqual([host, searchParams.size, searchParams.get('r')], ['a.example', 2, '1'])
        return searchParams.get('q')
      },
    },
    'a whole address': {
      block: '<a href="{{ a }}">x</a>',
      found: (html) => attributeOf(elementOf(html, 'a'), 'href'),
      refuses: (value) => !/^https?:$/.test(schemeOf(value)),
    },
  }
  for (const [name, { block, found, refuses = () => false }] of Object.entries(places)) {
    test(`has in ${name} that value and nothing else`, () => {
      const structure = structureOf(block.replace('{{ a }}', tame))
      fc.assert(
        fc.property(hostileText, (value) => {
          const made = fill(block, { a: value })
          assert.equal('refused' in made, isBroken(value) || refuses(value))
          if ('refused' in made) return
          assert.equal(structureOf(made.html), structure)
          assert.equal(found(made.html), value)
        }),
        generated(200, 20_000),
      )
    })
  }

  test('in styles ends neither the style nor the declaration', () => {
    const block = '<style>p { color: {{ a }} }</style><i style="color: {{ a }}"></i>'
    const structure = structureOf(block.replaceAll('{{ a }}', tame))
    fc.assert(
      fc.property(hostileText, (value) => {
        const made = fill(block, { a: value })
        assert.equal('refused' in made, isBroken(value))
        if ('refused' in made) return
        assert.equal(structureOf(made.html), structure)
        const texts = [textIn(elementOf(made.html, 'style')), attributeOf(elementOf(made.html, 'i'), 'style')]
        for (const text of texts) {
          // What is left when escapes are taken out can end nothing.
          const bare = (text ?? '')
            .replace(/^p \{ color: |^color: | \}$/g, '')
            .replaceAll(/\\[0-9a-f]+ /g, '')
          assert.doesNotMatch(bare, /[;{}()<>"'\\/:@!*]/)
        }
      }),
      generated(200, 20_000),
    )
  })

  const pieces = [
    '{{ a }}',
    '<p>{{ a }}',
    '</p>',
    '<b title="{{ b }}">',
    '</b>',
    "<i title='{{ a }}'>",
    '<i title={{ b }} id=x>',
    '<a href="{{ b }}">',
    '</a>',
    '<a href="/x?y={{ a }}">',
    '<img src="https://a.example/{{ a }}" alt={{ b }}>',
    '<table>',
    '<tr><td>',
    '</table>',
    '<select>',
    '<option value="{{ a }}">{{ b }}',
    '</select>',
    '<svg>',
    '<title>{{ a }}</title>',
    '</svg>',
    '<math><mtext>',
    '<style>',
    'p { color: {{ b }} }',
    '</style>',
    '<template>',
    '</template>',
    '<noscript>',
    '</noscript>',
    '<textarea>{{ a }}',
    '</textarea>',
    '<script>',
    'record("{{ a }}");',
    "record('{{ b }}');",
    '</script>',
    '<!-- {{ a }}',
    '-->',
    '<![CDATA[ {{ a }} ]]>',
    '<plaintext>',
    `<i onclick="record('{{ a }}')">`,
    '<i style="color: {{ b }}">',
    'text',
    '"',
    "'",
    '>',
    '<',
  ]
  test('keeps its elements and attributes however it is put together, with and without scripts', () => {
    let taken = 0
    let tried = 0
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 9 }),
        hostileText,
        hostileText,
        (parts, a, b) => {
          tried++
          const block = parts.join('')
          const made = fill(block, { a, b })
          if ('refused' in made) return
          if (block.includes('{{')) taken++
          const plain = block.replaceAll('{{ a }}', tame).replaceAll('{{ b }}', tame)
          for (const scripting of [true, false]) {
            assert.equal(structureOf(made.html, { scripting }), structureOf(plain, { scripting }))
          }
        },
      ),
      generated(1_000, 100_000),
    )
    assert.ok(taken > tried / 10, `${taken} of ${tried} blocks were filled`)
  })
})

describe('the snippet of a provider', () => {
  const makers = createCatalogue().providers.flatMap(({ name, snippet, fields }) =>
    snippet && name !== 'html' ? [{ name, snippet, fields }] : [],
  )
  const made = async (
    name: string,
    values: Record<string, string>,
    page: EmbeddingPage = {},
  ): Promise<Snippet | undefined> => {
    const snippet = await makers.find((maker) => maker.name === name)?.snippet.make(values, page)
    assert.ok(snippet)
    return 'refused' in snippet ? undefined : snippet
  }
  /** A page after its scripts have run, with what they asked of Stripe. */
  function pageFor(html: string): { seen: unknown[]; window: Record<string, unknown> } {
    const seen: unknown[] = []
    const window = windowAfter(html, {
      Stripe: (...given: unknown[]) => seen.push(given),
      record: () => assert.fail('a value was run'),
    })
    return { seen, window }
  }

  test('exists for four of them beside html', () => {
    assert.deepEqual(
      makers.map(({ name }) => name),
      ['disqus', 'google_analytics', 'intercom', 'stripe'],
    )
  })

  for (const { name, snippet, fields } of makers) {
    test(`of ${name} has the same elements, attributes and statements whatever the values are`, async () => {
      const plain = Object.entries(fields).flatMap(([field, { kind, isSecret, oneOf, pattern }]) =>
        kind === 'text' && !isSecret && !oneOf && !pattern ? [field] : [],
      )
      const tameValues = Object.fromEntries(snippet.needs.map((field) => [field, tame]))
      const page = { url: 'https://a.example/', identifier: tame, title: tame }
      const usual = await made(name, tameValues, page)
      assert.ok(usual)
      await fc.assert(
        fc.asyncProperty(hostileText, hostileText, hostileText, async (value, identifier, title) => {
          if (!value.isWellFormed()) return
          const values = { ...tameValues, ...Object.fromEntries(plain.map((field) => [field, value])) }
          const { html } = (await made(name, values, { ...page, identifier, title })) ?? usual
          assert.equal(structureOf(html), structureOf(usual.html))
          for (const script of elementsOf(html).filter(({ attrs }) => attrs.length === 0)) {
            assert.doesNotMatch(textIn(script).replaceAll(/\breturn |=>/g, ''), /[<\u2028\u2029]|&(?!&)/)
          }
          pageFor(html)
        }),
        generated(50, 5_000),
      )
    })
  }

  test('tells the provider exactly what the fields say', async () => {
    const odd = `"'\`</script>&lt;\\\u2028\${x}é`
    const stripe = await made('stripe', { publishable_key: `pk_live_${odd}` })
    assert.ok(stripe)
    assert.deepEqual(pageFor(stripe.html).seen, [[`pk_live_${odd}`]])

    const google = await made('google_analytics', { web_property_id: odd })
    assert.ok(google)
    const { dataLayer } = pageFor(google.html).window
    assert.ok(Array.isArray(dataLayer))
    assert.deepEqual([...dataLayer[1]], ['config', odd])
    const [loaded] = elementsOf(google.html)
    assert.ok(loaded)
    assert.equal(new URL(attributeOf(loaded, 'src') ?? '').searchParams.get('id'), odd)

    const intercom = await made('intercom', { app_id: odd, region: 'eu' })
    assert.ok(intercom)
    const { window } = pageFor(intercom.html)
    assert.deepEqual(
      { ...Object(window.intercomSettings) },
      { api_base: 'https://api-iam.eu.intercom.io', app_id: odd },
    )
    assert.equal(typeof window.Intercom, 'function')

    const disqus = await made(
      'disqus',
      { forum_shortname: 'My-Shop' },
      { url: 'https://a.example/', identifier: odd, title: odd },
    )
    assert.ok(disqus)
    const configure = pageFor(disqus.html).window.disqus_config
    assert.ok(typeof configure === 'function')
    const config = { page: {} }
    configure.call(config)
    assert.deepEqual(config.page, { url: 'https://a.example/', identifier: odd, title: odd })
    assert.deepEqual(disqus.hosts, ['https://my-shop.disqus.com'])
  })
})
