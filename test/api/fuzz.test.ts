// Throws generated requests at every route of the contract: what comes back is never a 5xx and always fits.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { after, before, describe, test } from 'node:test'
import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { providers } from '../../src/catalogue/index.ts'
import { openApiPath } from '../../src/contract/openapi.ts'
import { scopes } from '../../src/hub/caller.ts'
import { JsonText } from '../../src/hub/json-text.ts'
import { call, newAccount, startApi, type TestApi } from '../support/api.ts'
import { generated, unexpectedIn } from '../support/generated.ts'
import { expectPage, expectPicture, expectText } from '../support/media.ts'
import { logoOf, plain } from '../support/pictures.ts'
import { expectSafe } from '../support/raw-http.ts'
import { type AskedRoute, isRelayed, type ListedRoute, routes } from '../support/routes.ts'
import { newConnection } from '../support/sample-connections.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { makeWebhooks } from '../support/webhooks-at-hand.ts'
import { bodies, type JsonSchema, type WireBody } from '../support/wire-bodies.ts'
import { headerLists, hostileSegments, queries, type WireHeader } from '../support/wire-requests.ts'

const connectionsAtHand = 30

/** The key that all requests are made with: it has to stay as it is. */
const ownKeyId = 'the-key-of-the-test'

type Operation = { requestBody?: { content: { 'application/json': { schema: JsonSchema } } } }
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonSchema> }
}
const documentText = readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')
const openapi = JSON.parse(documentText) as Document

const ajv = new Ajv2020({ strict: false, validateSchema: false, formats: { image: true } })
addFormats.default(ajv)
ajv.addSchema(openapi, 'openapi.json')

/** Of the routes that hand on whatever is asked, one method stands for all. */
const isOnce = ({ route }: ListedRoute) => !isRelayed(route) || route.method === 'POST'

describe('whatever is sent to a route, it answers without a 5xx, as its description says', () => {
  let api: TestApi
  let upstream: Upstream
  let key: string
  let accountId: number
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  /** Ids that answers showed, by the list they are in. */
  const knownIds = new Map<string, string[]>()
  /** Of webhooks, by theirs. */
  const deliveryIds = new Map<string, string>()

  before(async () => {
    upstream = await startUpstream()
    // Webhooks have names that lead nowhere: nobody real is sent anything.
    const resolve = () => Promise.reject(new Error('There are no names.'))
    api = await startApi({ egress: { standIn: upstream.origin, resolve } })
    const account = await newAccount(api, { scopes })
    key = account.key
    await api.db.updateTable('api_keys').set({ uid: ownKeyId }).execute()
    accountId = account.id
    const caller = api.hub.callerFor(account.id)
    for (const { name, title } of providers) {
      await api.hub.connections.create(caller, {
        integrationId: '1',
        provider: name,
        title,
        fields: new Map(),
      })
    }
    const logo = (await plain().png().toBuffer()).toString('base64')
    // Of another account, so that nothing of this removes it.
    const other = await newAccount(api)
    const pictured = await call(api.address, 'PATCH', '/v2/integrations/1/', {
      key: other.key,
      body: { logo },
    })
    knownIds.set('/docs/assets', ['docs.css', 'reference.js', 'concepts.svg'])
    knownIds.set('/docs', ['quick-start', 'api.md'])
    knownIds.set('/docs/errors', ['not_found'])
    knownIds.set('/media/logos', [logoOf(pictured).split('/').at(-1) ?? ''])
    for (const { route } of routes) {
      if (route.method !== 'GET' || route.path.includes(':')) continue
      const asked = { key, headers: { 'integration-id': '1' } }
      learn(route.path, (await call(api.address, 'GET', `${route.path}?page_size=100`, asked)).body)
    }
  })
  after(async () => {
    agent.destroy()
    await api.close()
    await upstream.close()
  })

  /** Connections that are there, whatever routes before this one deleted; each has had another secret before. */
  async function replenish(): Promise<void> {
    const caller = api.hub.callerFor(accountId)
    const integrationId = await webAppId()
    const ids: string[] = []
    for (let at = 0; at < connectionsAtHand; at++) {
      const fields = { publishable_key: `pk_test_${at}`, secret_key: `secret ${at}` }
      const { id } = await newConnection(api, accountId, { integrationId, provider: 'stripe', fields })
      const change = new Map([['secret_key', new JsonText(`"changed ${at}"`)]])
      await api.hub.connections.change(caller, id, { fields: change })
      // What was used is deleted by force alone.
      if (at % 2 === 0) await api.hub.credentials.reveal(caller, id)
      ids.push(String(id))
    }
    for (const path of ['/v2/connections', '/api/v1/integrations']) knownIds.set(path, [...ids])
  }

  /** The same for webhooks, with a delivery each: an account has few, and routes before this one made some. */
  async function replenishWebhooks(): Promise<void> {
    const ofAccount = api.db.deleteFrom('webhooks').where('account_id', '=', accountId)
    await ofAccount.execute()
    const made = await makeWebhooks(api.hub, accountId, await webAppId(), 20)
    knownIds.set('/v2/webhooks', [...made.keys()])
    for (const [uid, delivery] of made) deliveryIds.set(uid, delivery)
  }

  async function webAppId(): Promise<string> {
    const { id } = await api.db
      .selectFrom('integrations')
      .select('id')
      .where('account_id', '=', accountId)
      .where('type', '=', 1)
      .executeTakeFirstOrThrow()
    return id
  }

  for (const { name, dialect, route } of routes.filter(isOnce)) {
    test(`${name}: ${route.method} ${route.path}`, async () => {
      // Its id may have been changed by what was sent to other routes.
      const actingAs = await webAppId()
      if (/(connections|v1\/integrations).*:id/.test(route.path)) await replenish()
      if (route.path.startsWith('/v2/webhooks')) await replenishWebhooks()
      const [listPath = '', afterId, afterSecond] = route.path.replace('*', '').split(/:\w+/)
      const ids = knownIds.get(withoutSlash(listPath)) ?? []
      knownIds.set(withoutSlash(listPath), ids)
      const fits = replyJudge(route)
      const fitsError = judge(`#/components/schemas/${dialect === 'v1' ? 'ErrorV1' : 'ErrorV2'}`)
      let successes = 0

      const segment = fc.oneof(
        { weight: 3, arbitrary: fc.nat().map((index) => ({ index })) },
        { weight: 1, arbitrary: hostileSegments },
      )
      const sent = fc.record({
        segment,
        query: queries(Object.keys(route.query?.properties ?? {})),
        headers: headerLists(key, route.integrationHeader === 'required' ? actingAs : undefined),
        body: bodies(bodySchema(route)),
      })
      const property = fc.asyncProperty(sent, async ({ segment, query, headers, body }) => {
        const id = typeof segment === 'string' ? segment : (ids[segment.index % ids.length] ?? 'none')
        const second = afterSecond === undefined ? '' : `${deliveryIds.get(id) ?? id}${afterSecond}`
        const path = afterId === undefined ? listPath : `${listPath}${id}${afterId}${second}`
        const answer = await send(route.method, `${path}${query}`, headers, body)
        const shown = `${answer.status} ${answer.text.slice(0, 1000)}`
        assert.ok(answer.status < 500, `${shown} ${unexpectedIn(api.log()).at(-1) ?? ''}`)
        if (route.reply.mediaType && answer.status === 200) {
          if (route.path.startsWith('/media/')) expectPicture(answer)
          else if (/^text\/(plain|markdown)/.test(answer.headers.get('content-type') ?? ''))
            expectText(answer)
          else expectPage(answer)
          successes++
          return
        }
        if (isRelayed(route) && answer.headers.get('mortise-origin') === 'upstream') {
          assert.deepEqual([answer.status, answer.text], [200, '{}'])
          successes++
          return
        }
        expectSafe(answer)
        if (answer.status < 400) {
          assert.equal(answer.status, route.reply.status, shown)
          successes++
          if (!fits) return assert.equal(answer.text, '')
          for (const value of route.reply.lines ? linesOf(answer.text) : [JSON.parse(answer.text)]) {
            assert.ok(fits(value), `${JSON.stringify(fits.errors)} in ${shown}`)
            learn(listPath, value)
          }
        } else {
          assert.ok(fitsError(JSON.parse(answer.text)), `${JSON.stringify(fitsError.errors)} in ${shown}`)
        }
      })
      // A few requests may all be refused by chance; some more may not.
      for (let round = 0; round < 5 && successes === 0; round++) {
        await fc.assert(property, generated(60, 10_000, round))
      }
      assert.ok(successes > 0, 'not one request got as far as a success, so little was tried')
    })
  }

  test('nothing of it changed what every object of the process inherits', () => {
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    assert.equal(({} as { toString: unknown }).toString, Object.prototype.toString)
  })

  test('the process has not grown out of bounds: what is a request’s goes with it', () => {
    const residentMib = process.memoryUsage().rss / 1_048_576
    assert.ok(residentMib < 1_024, `it is ${Math.round(residentMib)} MiB`)
  })

  test('nothing of it was logged as unexpected', () => {
    assert.deepEqual(unexpectedIn(api.log()), [])
  })

  /** One request, exactly as generated; a body too large may be met by a hang-up instead of an answer. */
  function send(method: string, path: string, headers: readonly WireHeader[], body: WireBody | undefined) {
    type Sent = { status: number; headers: Map<string, string>; text: string }
    return new Promise<Sent>((resolve, reject) => {
      const lines = [...headers, ['Host', 'mortise.test']]
      if (body) {
        if (body.contentType !== '') lines.push(['Content-Type', body.contentType])
        lines.push(['Content-Length', String(body.bytes.length)])
      }
      const outgoing = request(`${api.address}`, { method, path, agent, headers: lines.flat() })
      outgoing.once('error', reject)
      outgoing.once('response', (response) => {
        // An answer may come before the body is sent, and then the connection ends under it.
        outgoing.off('error', reject)
        outgoing.on('error', () => undefined)
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const received = Object.entries(response.headers).map(
            ([name, value]) => [name, String(value)] as const,
          )
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, headers: new Map(received), text })
        })
      })
      outgoing.end(body?.bytes)
    })
  }

  function learn(listPath: string, shown: unknown): void {
    const ids = knownIds.get(withoutSlash(listPath)) ?? []
    knownIds.set(withoutSlash(listPath), ids)
    for (const id of idsIn(shown)) if (!ids.includes(id) && id !== ownKeyId) ids.push(id)
    // The newest are the ones that are still there.
    if (ids.length > 200) ids.splice(1, ids.length - 200)
  }
})

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '')
}

function idsIn(shown: unknown): string[] {
  if (Array.isArray(shown)) return shown.flatMap(idsIn)
  if (typeof shown !== 'object' || shown === null) return []
  if ('results' in shown) return idsIn(shown.results)
  // Providers have names.
  const id = 'id' in shown ? shown.id : 'name' in shown ? shown.name : undefined
  return id === undefined ? [] : [String(id)]
}

function judge(pointer: string): ValidateFunction {
  return ajv.compile({ $ref: `openapi.json${pointer}` })
}

function linesOf(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line): unknown => JSON.parse(line))
}

function replyJudge({ method, path, reply }: AskedRoute): ValidateFunction | undefined {
  if (!reply.schema && !reply.lines) return undefined
  const type = reply.lines ? 'application~1x-ndjson' : 'application~1json'
  const place = openApiPath({ path }).replaceAll('/', '~1')
  const response = `responses/${reply.status}/content/${type}/schema`
  return judge(`#/paths/${place}/${method.toLowerCase()}/${response}`)
}

function bodySchema({ method, path }: AskedRoute): JsonSchema | undefined {
  const operation = openapi.paths[openApiPath({ path })]?.[method.toLowerCase()]
  assert.ok(operation, 'the description has every route')
  const given = operation.requestBody?.content['application/json'].schema
  const schema =
    given && '$ref' in given
      ? openapi.components.schemas[String(given.$ref).replace('#/components/schemas/', '')]
      : given
  return schema?.properties?.provider ? ofStripe(schema) : schema
}

/** What fits a connection depends on its provider: all of these are of one. */
function ofStripe(schema: JsonSchema): JsonSchema {
  const fields = {
    type: 'object',
    properties: { publishable_key: {}, secret_key: { examples: ['sk_test_1'] } },
  }
  return { ...schema, properties: { ...schema.properties, provider: { enum: ['stripe'] }, fields } }
}
