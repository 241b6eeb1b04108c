// Answers that say nothing about a credential: no provider's are taken for a yes or a no.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import type { Provider } from '../../src/catalogue/define.ts'
import { providers } from '../../src/catalogue/index.ts'
import { withoutStandIn } from '../../src/sandbox/index.ts'
import { type Connections, startConnections } from '../support/connections.ts'
import { sampleOf } from '../support/sandbox.ts'
import { asObject, textOf } from '../support/v2.ts'

type Said = {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly location?: string
}

const json = (status: number, body = '{}'): Said => ({ status, type: 'application/json', body })
const page = (status: number): Said => ({ status, type: 'text/html', body: '<h1>Gateway</h1>' })
const portal = 'https://portal.example/login'

const nothing: readonly Said[] = [
  ...[500, 502, 503, 504, 418].flatMap((status) => [json(status), page(status)]),
  { ...page(302), location: portal },
  { ...json(307), location: portal },
  page(200),
  page(201),
  { ...json(200), body: '' },
  json(200, '{"half": '),
]

/** A gateway's own refusals, which are not the provider's. */
const limited: readonly Said[] = [json(429), page(429)]

let hub: Connections
let said: Said = json(200)
const server = createServer((_request, response) => {
  const { status, type, body, location } = said
  response.writeHead(status, { 'content-type': type, ...(location !== undefined && { location }) }).end(body)
})
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = server.address()
  assert.ok(at !== null && typeof at === 'object')
  hub = await startConnections({ egress: { standIn: `http://127.0.0.1:${at.port}` } })
})
after(async () => {
  await hub.api.close()
  server.close()
})

/** Whose address a person gives, and may give wrong. */
const ownAddress = (fields: Provider['fields']) => Object.values(fields).some((field) => field.isOrigin)

for (const { name, title, fields } of providers) {
  if (name in withoutStandIn) continue
  describe(title, () => {
    async function healthAfter(answer: Said): Promise<Record<string, unknown>> {
      said = answer
      const id = await hub.make(name, sampleOf(name, 'valid'))
      const { status, body, text } = await hub.send('POST', `/v2/connections/${id}/verify/`)
      assert.equal(status, 200, text)
      return asObject(asObject(body).health)
    }

    test('is unreachable where what answers is broken, is a page, or sends elsewhere', async () => {
      for (const answer of nothing) {
        const { status, reason } = await healthAfter(answer)
        assert.equal(status, 'unreachable', `${JSON.stringify(answer)}: ${reason}`)
        assert.doesNotMatch(textOf(reason), /portal|Gateway/)
      }
    })

    if (ownAddress(fields)) {
      test('is unreachable where what answers at the address that was given is some other API', async () => {
        for (const body of ['{}', '[]', '{"ok": true, "user": null}', '"ok"', 'null']) {
          assert.equal((await healthAfter(json(200, body))).status, 'unreachable', body)
        }
      })
    }

    test('takes no more for now where it says so by the status that is for that', async () => {
      for (const answer of limited) assert.equal((await healthAfter(answer)).status, 'rate_limited')
    })
  })
}
