// What is not filled in: placeholders where nothing can be escaped, values that would be code, blocks that would cost too much.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attributeOf, elementOf, fill, filled, refusedFor } from '../support/markup.ts'

describe('a placeholder', () => {
  test('is refused where nothing can be escaped, each told with its place and reason', () => {
    for (const [block, reason] of [
      ['<!-- {{ a }} -->', /in a comment/],
      ['<script>x = {{ a }}</script>', /in a script, but not within a string/],
      ['<script>// {{ a }}\nx = 1</script>', /not within a string/],
      ['<script>x = /{{ a }}/</script>', /not within a string/],
      ['<script>x = {</script><script>"{{ a }}" +</script>', /there is a mistake in it/],
      ['<script>tag`{{ a }}`</script>', /a function reads in its own way/],
      ['<script>setTimeout("f(\'" + "{{ a }}")</script>', /run as code/],
      ['<script>new Function("a", "{{ a }}")</script>', /run as code/],
      ['<script>window.eval("{{ a }}")</script>', /run as code/],
      ['<script type=module>import "{{ a }}"</script>', /what else to load/],
      ['<script>import("{{ a }}")</script>', /what else to load/],
      ['<script type="text/template"><b>{{ a }}</b></script>', /of a kind that is not read/],
      ['<script type="application/json">{"a": {{ a }}}</script>', /there is a mistake in it/],
      ['<script type="{{ a }}">x</script>', /attribute type/],
      ['<svg><script>x("{{ a }}")</script></svg>', /of a kind that is not read/],
      ['<style>@import "{{ a }}";</style>', /imports others/],
      ['<xmp>{{ a }}</xmp>', /in <xmp>/],
      ['<iframe>{{ a }}</iframe>', /in <iframe>/],
      ['<iframe srcdoc="{{ a }}">', /attribute srcdoc/],
      ['<img srcset="{{ a }} 2x">', /attribute srcset/],
      ['<meta http-equiv=refresh content="0; url={{ a }}">', /attribute content/],
      ['<svg><animate to="{{ a }}">', /attribute to/],
      ['<i @click="{{ a }}">', /run as code/],
      ['<i x-on:click="{{ a }}">', /run as code/],
      ['<{{ a }}>', /for markup/],
      ['<i {{ a }}="x">', /for markup/],
      ['<i title="x" title="{{ a }}">', /drop it/],
      ['<a href="javascript:f(\'{{ a }}\')">', /javascript:/],
    ] as const) {
      const made = fill(`\n  ${block}`, { a: 'x' })
      assert.ok('refused' in made, block)
      const told = [...made.refused.values()].flat()
      assert.equal(told.length, 1)
      assert.match(told[0] ?? '', reason, block)
    }
    const all = refusedFor('html', fill('<!--{{ a }}-->\n<xmp>{{ b }}</xmp>', { a: 1, b: 2 }))
    assert.equal(
      all,
      '{{ a }} in line 1, column 5 stands in a comment, which nobody sees.\n{{ b }} in line 2, column 6 stands in <xmp>, where nothing can be escaped.',
    )
  })

  test('may name no origin that code comes from, but {{ url }} may', () => {
    for (const block of [
      '<script src="{{ u }}"></script>',
      '<link rel=stylesheet href="{{ u }}x">',
      '<base href={{ u }}>',
      '<object data="{{ u }}">',
      '<embed src="{{ u }}">',
      '<svg><script href="{{ u }}"></script></svg>',
    ]) {
      const told = refusedFor('html', fill(block, { u: 'https://a.example/' }))
      assert.match(told, /^\{\{ u \}\} in line 1, column \d+ stands at the beginning of an address that code/)
    }
    const host = fill('<script src="https://{{ h }}.example/x.js"></script>', { h: 'evil' })
    assert.match(refusedFor('params', host), /changes the origin that code comes from/)
    const path = filled('<script src="https://a.example/{{ id }}.js"></script>', { id: '/../x' })
    assert.equal(attributeOf(elementOf(path.html, 'script'), 'src'), 'https://a.example/%2F..%2Fx.js')
    const own = filled('<script src="{{ url }}?v={{ v }}"></script>', { v: 2 }, 'https://code.example/x.js')
    assert.equal(attributeOf(elementOf(own.html, 'script'), 'src'), 'https://code.example/x.js?v=2')
    const code = fill('<script src="{{ url }}"></script>', {}, 'javascript:x')
    assert.match(refusedFor('url', code), /^url: In the attribute src it makes an address of javascript:/)
    assert.ok(
      'refused' in
        fill('<script src="{{ url }}"></script>', { url: 'https://a.example/' }, 'https://b.example/'),
    )
  })
})

describe('what would cost too much', () => {
  test('is refused: values put in many times over, many placeholders, endless elements', () => {
    const big = fill('{{ a }}'.repeat(500), { a: 'x'.repeat(65_536) })
    assert.match(refusedFor('html', big), /too large/)
    assert.match(refusedFor('html', fill('{{ a }}'.repeat(1_001), { a: '' })), /too large/)
    assert.match(refusedFor('html', fill('{{ a }}'.repeat(900), { a: '"'.repeat(500) })), /too large/)
    for (const block of [
      '<b>'.repeat(20_000),
      '<i>'.repeat(10) + '<p>'.repeat(15_000),
      '<b x1><b x2><b x3><p>'.repeat(3_000),
    ]) {
      assert.match(refusedFor('html', fill(block, {})), /more elements, or deeper ones/)
    }
  })
})
