// What a declaration of a snippet may ask for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineProvider, object, secret, text } from '../../src/catalogue/define.ts'
import { createCatalogue } from '../../src/catalogue/index.ts'

const words = { title: 'A field', help: 'It is for this test.' }
const common = {
  name: 'sample',
  type: 'IntegrationSample',
  integrationType: 'other',
  title: 'Sample',
  lifecycle: { state: 'current' },
  auth: 'none',
} as const
const made = { html: '', hosts: [], warnings: [] }

test('a snippet that asks for a secret, or takes for granted what need not be set, does not compile', () => {
  const fields = { shown: text(words), more: object(words), hidden: secret(words) }
  const asks = defineProvider({
    ...common,
    fields,
    snippet: {
      needs: ['shown'],
      make(values) {
        const shown: string = values.shown
        // @ts-expect-error: it need not be set
        const more: object = values.more
        // @ts-expect-error: a secret
        const hidden = values.hidden
        return { ...made, html: `${shown}${more}${hidden}` }
      },
    },
  })
  const needs = defineProvider({
    ...common,
    fields,
    // @ts-expect-error: a secret
    snippet: { needs: ['hidden'], make: () => made },
  })
  assert.deepEqual([asks.name, needs.name], ['sample', 'sample'])
})

test('every snippet needs plain fields that its provider has', () => {
  const needed = createCatalogue().providers.flatMap(({ name, snippet, fields }) =>
    (snippet?.needs ?? []).map((field) => [name, field, fields[field]?.isSecret]),
  )
  assert.equal(needed.length, 5)
  assert.ok(needed.every(([, , isSecret]) => isSecret === false))
})
