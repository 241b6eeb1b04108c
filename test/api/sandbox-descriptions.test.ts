// Requests to Stripe, Mailchimp and Intercom, and what their stand-ins answer, judged by the providers' own descriptions.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { json } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Asked, Mode } from '../../src/sandbox/stand-in.ts'
import { lineOf, type Sandboxed, sampleOf, startSandboxed } from '../support/sandbox.ts'

const Parameter = Type.Object({
  name: Type.String(),
  in: Type.String(),
  required: Type.Boolean(),
  schema: Type.Record(Type.String(), Type.Unknown()),
})
const Description = Type.Object({
  server: Type.String(),
  security: Type.Array(Type.String()),
  operations: Type.Record(
    Type.String(),
    Type.Object({
      parameters: Type.Array(Parameter),
      responses: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
    }),
  ),
})

function descriptionOf(provider: string) {
  const file = new URL(`../descriptions/${provider}.json`, import.meta.url)
  const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
  assert.ok(Value.Check(Description, read), `${file} is a description`)
  return read
}

const ajv = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: false })
/** Of what is sent as text. */
const coercing = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: true })

let hub: Sandboxed
before(async () => {
  hub = await startSandboxed()
})
after(() => hub.close())

/** Headers that belong to HTTP, and not to an operation. */
const ofHttp = /^(host|connection|accept|accept-encoding|authorization|user-agent|content-length)$/i

for (const provider of ['stripe', 'mailchimp', 'intercom']) {
  const { server, security, operations } = descriptionOf(provider)

  function operationOf(asked: Asked) {
    const operation = operations[`${asked.method} ${asked.path}`]
    assert.ok(operation, `${lineOf(asked)} is described`)
    return operation
  }

  async function verifiedWith(mode: Mode): Promise<readonly Asked[]> {
    hub.sandbox.forgetRequests()
    await hub.verifyNew(provider, sampleOf(provider, mode))
    return [...hub.sandbox.requests()]
  }

  describe(provider, () => {
    test('is asked for operations that its description has, at its server, with nothing that is not in it', async () => {
      const requests = await verifiedWith('valid')
      assert.deepEqual(
        requests.map(({ method, path }) => `${method} ${path}`).toSorted(),
        Object.keys(operations).toSorted(),
        'each of the operations, once',
      )
      for (const asked of requests) {
        assert.match(`https://${asked.host}`, new RegExp(`^${server.replace('{dc}', '[a-z]+\\d+')}$`))
        const scheme = asked.header('authorization')?.split(' ')[0]?.toLowerCase()
        assert.ok(scheme && security.includes(scheme), `${scheme} is a way to show who it is`)
        const { parameters } = operationOf(asked)
        const sent = [
          ...[...asked.query].map(([name, value]) => ['query', name, value] as const),
          ...asked.headers.filter(([name]) => !ofHttp.test(name)).map((pair) => ['header', ...pair] as const),
        ]
        for (const [place, name, value] of sent) {
          const known = parameters.find(
            (one) => one.in === place && one.name.toLowerCase() === name.toLowerCase(),
          )
          assert.ok(known, `${place} ${name} is described`)
          assert.ok(coercing.validate(known.schema, value), `${name}: ${coercing.errorsText()}`)
        }
        for (const { name, in: place, required } of parameters) {
          const isSent = sent.some(([p, n]) => p === place && n.toLowerCase() === name.toLowerCase())
          assert.ok(!required || isSent, `${name} is sent`)
        }
      }
    })

    for (const mode of ['valid', 'rejected'] as const) {
      test(`is stood in for with the answers that it describes, to credentials that are ${mode}`, async () => {
        const requests = await verifiedWith(mode)
        assert.ok(requests.length > 0)
        for (const asked of requests) {
          const { status, body } = await answerTo(hub.sandbox.address, asked)
          const { responses } = operationOf(asked)
          const schema = responses[status] ?? responses.default
          assert.equal(status, mode === 'valid' ? 200 : 401)
          assert.ok(schema ?? status === 401, `${status} is described`)
          assert.ok(ajv.validate(schema ?? {}, body), `${lineOf(asked)}: ${ajv.errorsText()}`)
        }
      })
    }
  })
}

/** The same request again, its answer as it stands. */
function answerTo(
  address: string,
  { method, target, headers }: Asked,
): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${address}${target}`,
      { method, headers: Object.fromEntries(headers) },
      (answer) => {
        json(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject)
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}
