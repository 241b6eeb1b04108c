// The placeholders of a block of HTML: filled in where they stand, escaped for that place, or refused with the reason.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  attributeOf,
  elementOf,
  elementsOf,
  fill,
  filled,
  recordedBy,
  refusedFor,
  textIn,
} from '../support/markup.ts'

const hostile = `"><b>'&amp;\`</b> =x\\`

describe('a placeholder', () => {
  test('in text is that text', () => {
    const { html } = filled('<p>Dear {{ name }}, {{name}}!</p>', { name: hostile })
    assert.equal(textIn(elementOf(html, 'p')), `Dear ${hostile}, ${hostile}!`)
    assert.equal(filled('{{ a }}', { a: '1 < 2 & 3' }).html, '1 &lt; 2 &amp; 3')
  })

  test('in a text area or a title is that text, without elements', () => {
    for (const name of ['textarea', 'title']) {
      const { html } = filled(`<${name}>{{ a }}</${name}>`, { a: `</${name}>${hostile}` })
      assert.equal(textIn(elementOf(html, name)), `</${name}>${hostile}`)
    }
  })

  test('in an attribute is its value, in quotes of either kind and without any', () => {
    for (const attribute of ['"{{ a }}"', "'{{ a }}'", '{{ a }}', "\n '{{a}}'"]) {
      const { html } = filled(`<i title=${attribute} id=x>`, { a: hostile })
      const { attrs } = elementOf(html, 'i')
      assert.deepEqual(
        attrs.map(({ name, value }) => [name, value]),
        [
          ['title', hostile],
          ['id', 'x'],
        ],
      )
    }
    const { html } = filled('<i title="{{ a }} and {{ b }}">', { a: '1"', b: '2"' })
    assert.equal(attributeOf(elementOf(html, 'i'), 'title'), '1" and 2"')
  })

  test('in a string of a script is what the string says, with quotes of all three kinds', () => {
    const { html } = filled(
      `<script>record("{{ a }}"); record('-{{ a }}-'); record(\`{{ a }}\${1}{{ b }}\`)</script>`,
      { a: `${hostile}\n</script>\u2028\${x}`, b: '`' },
    )
    const a = `${hostile}\n</script>\u2028\${x}`
    assert.deepEqual(recordedBy(html), [a, `-${a}-`, `${a}1\``])
    const inScript = textIn(elementOf(html, 'script'))
    assert.doesNotMatch(inScript, /[<>&\u2028\u2029]/)
  })

  test('in JSON is what the string says', () => {
    const block = '<script type="application/ld+json">{"name": "{{ a }}", "n": [1]}</script>'
    const { html } = filled(block, { a: hostile })
    assert.deepEqual(JSON.parse(textIn(elementOf(html, 'script'))), { name: hostile, n: [1] })
  })

  test('in a string of an event handler is what the string says', () => {
    const { html } = filled(`<i onclick="record('{{ a }}'); return false">`, { a: hostile })
    const handler = attributeOf(elementOf(html, 'i'), 'onclick')
    assert.deepEqual(recordedBy(`<script>(function () { ${handler} })()</script>`), [hostile])
  })

  test('in styles is one word or string of CSS, whatever is in it', () => {
    const block =
      '<style>p { color: {{ c }}; content: "{{ t }}" }</style><i style="width: {{ w }}; color: {{ t }}">'
    const { html } = filled(block, { c: '#ff0000', w: '12.5em', t: '";}<' })
    assert.equal(textIn(elementOf(html, 'style')), 'p { color: #ff0000; content: "\\22 \\3b \\7d \\3c " }')
    assert.equal(attributeOf(elementOf(html, 'i'), 'style'), 'width: 12.5em; color: \\22 \\3b \\7d \\3c ')
  })

  test('that is a whole address is that address, if it is http, https or relative', () => {
    for (const address of [
      'https://a.example/x?y=1&z="2"',
      'http://a.example',
      '/x y',
      'x',
      '?q',
      '#f',
      '//a.example/',
    ]) {
      const { html } = filled('<a href="{{ u }}">', { u: address })
      assert.equal(attributeOf(elementOf(html, 'a'), 'href'), address)
    }
    const bad = [
      'javascript:x',
      ' JavaScript:x',
      'java\tscript:x',
      'vbscript:x',
      'data:text/html,x',
      'blob:x',
      'ftp://x/',
      'about:blank',
    ]
    for (const address of bad) {
      for (const attribute of ['href="{{ u }}"', 'href={{ u }}', "href=' {{ u }}'"]) {
        const told = refusedFor('params', fill(`<a ${attribute}>`, { u: address }))
        assert.match(told, /^u: In the attribute href it makes an address of [a-z]+:, which is neither/)
        assert.doesNotMatch(told, /text.html/)
      }
      assert.ok('refused' in fill('<form action="{{ u }}"><button formaction="{{ u }}">', { u: address }))
      assert.ok('refused' in fill('<svg><a xlink:href="{{ u }}">', { u: address }))
      assert.ok('refused' in fill('<iframe src="{{ u }}">', { u: address }))
    }
    const split = fill('<a href="{{ a }}{{ b }}:record(1)">', { a: 'java', b: 'script' })
    assert.match(refusedFor('params', split), /javascript:/)
    assert.ok('refused' in fill('<a href="java{{ b }}:record(1)">', { b: 'script' }))
  })

  test('that is part of an address is percent-encoded, and can change neither host nor query', () => {
    const { html } = filled('<a href="https://a.example/{{ p }}?x={{ q }}&amp;y=1#{{ q }}">', {
      p: '../b',
      q: 'a&b=c#d é',
    })
    const url = new URL(attributeOf(elementOf(html, 'a'), 'href') ?? '')
    assert.equal(url.host, 'a.example')
    assert.deepEqual(
      [...url.searchParams],
      [
        ['x', 'a&b=c#d é'],
        ['y', '1'],
      ],
    )
    const mail = filled('<a href="mailto:{{ m }}?subject={{ s }}">', { m: 'a@b.example', s: 'x&bcc=c' })
    assert.equal(attributeOf(elementOf(mail.html, 'a'), 'href'), 'mailto:a%40b.example?subject=x%26bcc%3Dc')
    const told = refusedFor('params', fill('<a href="https://{{ h }}.example/">', { h: 'evil.example/' }))
    assert.match(told, /no address that there can be/)
  })

  test('in noscript is escaped for what stands there, and read alike with and without scripts', () => {
    const block = '<noscript><img src="https://a.example/?id={{ id }}" alt="{{ id }}"><p>{{ id }}</noscript>'
    const { html, hosts } = filled(block, { id: `</noscript>${hostile}` })
    assert.deepEqual(
      elementsOf(html).map(({ tagName }) => tagName),
      ['noscript'],
    )
    const [, image, p] = elementsOf(html, { scripting: false })
    assert.ok(image && p)
    assert.equal(attributeOf(image, 'alt'), `</noscript>${hostile}`)
    assert.equal(textIn(p), `</noscript>${hostile}`)
    assert.deepEqual(hosts, ['https://a.example'])
    const twofold = '<noscript><style></noscript><p title="</style>{{ a }}">'
    assert.ok('refused' in fill(twofold, { a: 'x' }), 'text for some, an attribute for others')
  })

  test('in a function that is handed to a timer is a string like others', () => {
    const { html } = filled('<script>setTimeout(function () { record("{{ a }}") }, 1)</script>', {
      a: hostile,
    })
    assert.deepEqual(recordedBy(html, { setTimeout: (run: () => void) => run() }), [hostile])
  })

  test('in a script does not take what would run as an address', () => {
    const made = fill('<script>location.href = "{{ u }}"</script>', { u: 'javascript:record(1)' })
    assert.match(refusedFor('params', made), /^u: What begins with javascript:/)
  })

  test('without quotes around it is refused when its value is empty and would take the next attribute', () => {
    assert.ok('html' in fill('<i title={{ a }}>', { a: '' }))
    assert.match(refusedFor('html', fill('<i title={{ a }} id=x>', { a: '' })), /between quotes/)
  })
})

describe('values', () => {
  test('are texts, numbers as they were written, true and false', () => {
    assert.equal(filled('{{ a }} {{ b }} {{ c }}', { a: 1.5, b: true, c: '' }).html, '1.5 true ')
  })

  test('that are lists, objects, broken or hold null characters are refused by name', () => {
    for (const value of [[1], {}, 'a\0b', '\ud800']) {
      assert.match(refusedFor('params', fill('{{ a }}', { a: value })), /^a: /)
    }
    assert.equal(filled('x', { a: [1] }).html, 'x', 'where it stands nowhere it does no harm')
  })

  test('are put in once: a placeholder in a value, or references in it, stay what they are', () => {
    const { html } = filled('<p>{{ a }}</p>', { a: '{{ b }} &lt; %3c', b: 'x' })
    assert.equal(textIn(elementOf(html, 'p')), '{{ b }} &lt; %3c')
  })
})

describe('what is no placeholder', () => {
  const odd =
    '<!DOCTYPE html><P CLASS=a  id = "b"\r\n>&nbsp;&lt &AMP; {{ }} {{a b}} {a} {{{ c }}}\t<br/><!-- x -->\u{1f600}</p ><td>x'
  test('goes out byte for byte as it came', () => {
    assert.equal(filled(odd, {}).html, odd)
    const { html } = filled(`${odd}{{ x }}${odd}`, { x: 'quill0w0z' })
    assert.equal(html, `${odd}quill0w0z${odd}`)
  })

  test('and a name without a value is left as it stands, wherever that is, with a warning', () => {
    const block = '<i {{ a }}><!-- {{ a }} -->{{ url }}{{ n }}'
    const { html, warnings } = filled(block, { b: 1, n: null })
    assert.equal(html, block)
    assert.deepEqual(warnings, [
      '{{ a }} has no value and is left as it stands. Give a in params.',
      '{{ url }} has no value and is left as it stands. Give url in params.',
      '{{ n }} has no value and is left as it stands. Give n in params.',
      'b in params stands nowhere: {{ b }} is not in the HTML.',
    ])
  })
})

test('the origins are those that the markup loads from or sends to, each once', () => {
  const { hosts } = filled(
    `<script src="//a.example/x"></script><img src=http://b.example:81/ srcset="https://c.example/1 1x, /2 2x">
     <a href="https://not.example"></a><form action="https://d.example"></form><link rel="stylesheet" href="https://e.example/s.css">
     <link rel=canonical href="https://not.example"><img src="https://a.example/y"><img src="data:image/png;base64,x"><img src="/z">`,
    {},
  )
  assert.deepEqual(hosts, [
    'https://a.example',
    'http://b.example:81',
    'https://c.example',
    'https://d.example',
    'https://e.example',
  ])
})
