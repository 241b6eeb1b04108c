// Every provider's connection through its whole life: each value as it was given, no secret touched by another's change.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Field } from '../../src/catalogue/define.ts'
import { newKey } from '../support/api.ts'
import {
  at,
  type Connections,
  catalogue,
  fieldsFor,
  fieldsOf,
  type Member,
  previousSealedOf,
  sealedOf,
  secretViews,
  startConnections,
} from '../support/connections.ts'
import { asObject } from '../support/v2.ts'

/** What v1 shows of every connection before the provider's own fields. */
const commonMembers = 9

let v2: Connections
let weakKey: string
before(async () => {
  v2 = await startConnections()
  weakKey = await newKey(v2.api, v2.account.id, { scopes: ['connections:read'] })
})
after(() => v2.api.close())

test('there are the seventeen of the document', () => {
  assert.equal(catalogue.length, 17)
})

for (const { name: provider, type, integrationType } of catalogue) {
  describe(`a connection of ${provider}`, () => {
    const fields = fieldsOf(provider)
    const plainNames = fields.filter(([, { isSecret }]) => !isSecret).map(([name]) => name)
    const secretNames = fields.filter(([, { isSecret }]) => isSecret).map(([name]) => name)
    /** What it must be now. */
    const values: Member = {}
    const sealed: Record<string, string> = {}
    let id: number

    /** Everything is as expected, wherever it shows; `touched` are the secrets that were just set anew. */
    async function holds(touched: readonly string[] = []): Promise<Member> {
      const shown = await v2.get(id)
      assert.deepEqual(shown.fields, Object.fromEntries(plainNames.map((name) => [name, values[name]])))
      const views = secretViews(shown)
      assert.deepEqual(Object.keys(views), secretNames)
      for (const name of secretNames) {
        const secret = values[name]
        const { set, hint } = views[name] ?? {}
        const expected = typeof secret === 'string' ? `****${secret.slice(-4)}` : null
        assert.deepEqual([set, hint], [secret !== null, expected], name)
      }
      const now = await sealedOf(v2.api, id, v2.account.id)
      assert.deepEqual(
        Object.keys(now).toSorted(),
        secretNames.filter((name) => values[name] !== null).toSorted(),
      )
      for (const [name, text] of Object.entries(now)) {
        if (touched.includes(name)) assert.notEqual(text, sealed[name], name)
        else assert.equal(text, sealed[name], `${name} was sealed anew`)
        sealed[name] = text
      }
      const secrets = Object.fromEntries(secretNames.map((name) => [name, values[name]]))
      assert.deepEqual(await v2.reveal(id), secrets)
      await showsOnV1()
      return shown
    }

    async function showsOnV1(): Promise<void> {
      const documented = fields.filter(([, { inV1 }]) => inV1)
      const v1 = await v2.v1(id)
      for (const [name] of documented) assert.deepEqual(v1[name], values[name], name)
      assert.deepEqual([v1.type, v1.integration_type, v1.provider], [type, integrationType, provider])
      const weak = await v2.v1(id, weakKey)
      const open = documented.filter(([, { isSecret }]) => !isSecret)
      assert.deepEqual(
        Object.keys(weak).slice(commonMembers),
        open.map(([name]) => name),
      )
      for (const [name] of open) assert.deepEqual(weak[name], values[name], name)
      const text = JSON.stringify(weak)
      for (const name of secretNames) {
        if (typeof values[name] === 'string') assert.ok(!text.includes(JSON.stringify(values[name])), name)
      }
    }

    test('is made with a value in every field, and shows each as it was given', async () => {
      const given = givenFor(fields, provider)
      Object.assign(values, given)
      for (const [name, field] of fields) if (field.kind === 'status') values[name] = field.initial
      id = await v2.make(provider, given, { title: provider })
      await holds(secretNames)
    })

    test('keeps every other value when one plain field is changed', async () => {
      const [name, field] =
        fields.find(([, field]) => !field.isSecret && field.kind !== 'status' && !field.isOrigin) ??
        fields.find(([, field]) => field.isOrigin) ??
        []
      if (name === undefined || field === undefined) {
        assert.deepEqual(plainNames, [], 'there is a plain field to try')
        await v2.change('PATCH', id, { title: 'another title' })
        await holds()
        return
      }
      const value = anotherValueOf(field, values[name])
      await v2.change('PATCH', id, { fields: { [name]: value } })
      values[name] = value
      await holds()
    })

    test('takes back what GET gave, by PUT and by PATCH, and is the same afterwards', async () => {
      for (const method of ['PUT', 'PATCH'] as const) {
        const before = await v2.get(id)
        const { warnings, ...answer } = await v2.change(method, id, before)
        assert.deepEqual({ ...answer, updated_at: '' }, { ...before, updated_at: '' })
        assert.ok(Array.isArray(warnings))
        await v2.change(method, id, { ...answer, warnings })
        assert.deepEqual({ ...(await holds()), updated_at: '' }, { ...before, updated_at: '' })
      }
    })

    for (const [name, { isSecret }] of fields) {
      if (!isSecret) continue

      test(`keeps every other value when ${name} is changed, cleared and restored`, async () => {
        const value = `ANOTHER-${provider}.${name}-"+/8gR~y\\2 &w`
        const first = { value: values[name], sealed: sealed[name] }
        await v2.change('PATCH', id, { fields: { [name]: value } })
        values[name] = value
        await holds([name])
        assert.equal((await previousSealedOf(v2.api, id, v2.account.id))[name], first.sealed)

        const before = sealed[name]
        await v2.change('PATCH', id, { fields: { [name]: null } })
        values[name] = null
        await holds()

        assert.equal((await v2.send('POST', at(id, 'restore'), { fields: [name] })).status, 200)
        values[name] = value
        await holds()
        assert.equal(sealed[name], before, 'the very bytes that were stored come back')
        const kept = await previousSealedOf(v2.api, id, v2.account.id)
        assert.equal(kept[name], undefined, 'nothing stood in the place of what was restored')
      })
    }

    test('keeps its secrets when PUT leaves all fields out, and clears what is plain', async () => {
      const movesNothing = fields.filter(([, { isOrigin }]) => isOrigin).map(([name]) => name)
      const kept = Object.fromEntries(movesNothing.map((name) => [name, values[name]]))
      await v2.change('PUT', id, { provider, title: 'emptied', fields: kept })
      for (const [name, field] of fields) {
        if (!field.isSecret && field.kind !== 'status' && !field.isOrigin) values[name] = null
      }
      const shown = await holds()
      assert.deepEqual([shown.title, asObject(shown.metadata)], ['emptied', {}])
    })
  })
}

/** Where secrets are sent has to be an address whose path alone may change. */
function givenFor(fields: ReadonlyArray<[string, Field]>, provider: string): Member {
  const origins = fields.filter(([, { isOrigin }]) => isOrigin)
  return {
    ...fieldsFor(provider),
    ...Object.fromEntries(
      origins.map(([name]) => [name, `https://${provider.replaceAll('_', '-')}.example/`]),
    ),
  }
}

function anotherValueOf({ kind, oneOf, isOrigin }: Field, before: unknown): unknown {
  if (kind === 'object') return { '2': 'b', '10': 'a', big: 1.5 }
  if (oneOf) return oneOf.find((choice) => choice !== before)
  return isOrigin ? `${before}another/path` : 'changed'
}
