// Traces: sent where OpenTelemetry's variables say so, joined to the caller's, and without anything of what is secret.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { exitCodes } from '../../src/commands/exit-codes.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { call } from '../support/api.ts'
import { type Collected, type Collector, startCollector } from '../support/collector.ts'
import { keyIn, newHome, until } from '../support/command-line.ts'
import { type Folders, run, type Served, start } from '../support/process.ts'
import { asObject, integrationsPath } from '../support/v2.ts'

/** Of a caller that traces too. */
const theirTrace = '0af7651916cd43dd8448eb211c80319c'
const theirSpan = 'b7ad6b7169203331'
const traceparent = `00-${theirTrace}-${theirSpan}-01`
const integration = { 'integration-id': '1' }
const secret = 'sk_test_CANARY51valid'

describe('a server that sends traces', { concurrency: 1 }, () => {
  let home: Folders
  let collector: Collector
  let sandbox: Awaited<ReturnType<typeof startSandbox>>
  let served: Served
  let key: string
  before(async () => {
    home = newHome()
    collector = await startCollector()
    sandbox = await startSandbox({ port: 0 })
    served = await start('serve', ['--data', home.data], {
      ...home.env,
      MORTISE_SANDBOX_URL: sandbox.address,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.address,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=ours',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
      OTEL_BSP_SCHEDULE_DELAY: '50',
    })
    key = keyIn(served.output().stdout)
  })
  after(async () => {
    await served.stop()
    await sandbox.close()
    await collector.close()
    home.remove()
  })

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(served.address, method, path, { key, body, headers: { ...integration, ...headers } })

  /** The span of a request by its id, once it has come. */
  async function spanOf(id: string | null): Promise<Collected> {
    const find = () => collector.spans().find(({ facts }) => facts['mortise.request_id'] === id)
    await until(`the span of ${id} is there`, () => find() !== undefined)
    const found = find()
    assert.ok(found)
    return found
  }

  const within = ({ spanId }: Collected) =>
    collector.spans().filter(({ parentSpanId }) => parentSpanId === spanId)

  test('joins a caller’s trace, and shows its transaction within the request', async () => {
    const body = {
      name: 'CANARY',
      email: 'CANARY@example.com',
      recipient: 'r',
      address_line_1: 'a',
      zip_code: 'z',
      city: 'c',
    }
    const made = await send('POST', `${integrationsPath}?q=CANARY`, body, { traceparent })
    assert.equal(made.status, 201, made.text)
    const span = await spanOf(made.headers.get('x-request-id'))
    assert.equal(span.name, `POST ${integrationsPath}`)
    assert.equal(span.kind, 2)
    assert.equal(span.traceId, theirTrace)
    assert.equal(span.parentSpanId, theirSpan)
    assert.partialDeepStrictEqual(span.facts, {
      'http.request.method': 'POST',
      'http.route': integrationsPath,
      'url.path': integrationsPath,
      'http.response.status_code': 201,
    })
    const [transaction, ...more] = within(span)
    assert.deepEqual(more, [])
    assert.equal(transaction?.name, 'transaction')
    assert.equal(transaction?.traceId, theirTrace)
    assert.equal(transaction?.facts['db.system.name'], 'sqlite')
  })

  test('shows a call to a provider by its host alone, within the request that made it', async () => {
    const made = await send('POST', '/v2/connections/', {
      provider: 'stripe',
      title: 'x',
      fields: { publishable_key: 'pk_test_1', secret_key: secret },
    })
    assert.equal(made.status, 201, made.text)
    const path = `/v2/connections/${asObject(made.body).id}/proxy/v1/balance?email=CANARY@example.com`
    const called = await send('GET', path, undefined, { traceparent })
    assert.equal(called.status, 200, called.text)
    const span = await spanOf(called.headers.get('x-request-id'))
    assert.equal(span.facts['url.path'], span.facts['http.route'], 'of what is asked, nothing')
    const call = within(span).find(({ kind }) => kind === 3)
    assert.deepEqual(call?.facts, {
      'http.request.method': 'GET',
      'server.address': 'api.stripe.com',
      'http.response.status_code': 200,
    })
    assert.equal(call?.traceId, theirTrace)
  })

  test('begins a trace of its own where there is none, and does not trace what load balancers ask', async () => {
    await send('GET', '/healthz', undefined, { traceparent })
    await send('GET', '/readyz')
    const read = await send('GET', `${integrationsPath}1/`)
    const span = await spanOf(read.headers.get('x-request-id'))
    assert.equal(span.parentSpanId, undefined)
    assert.notEqual(span.traceId, theirTrace)
    await wait(100)
    assert.deepEqual(
      collector.spans().filter(({ name }) => /healthz|readyz/.test(name)),
      [],
    )
  })

  test('marks what failed, by the kind of error', async () => {
    const refused = await send('DELETE', `${integrationsPath}1/`)
    assert.ok(refused.status >= 400)
    assert.equal((await spanOf(refused.headers.get('x-request-id'))).isFailed, false, 'the caller’s mistake')
  })

  test('says who it is, goes where the variables say, and sends no secret and nothing that a client said', () => {
    assert.partialDeepStrictEqual(collector.resource(), {
      'service.name': 'mortise',
      'deployment.environment': 'test',
    })
    for (const { path, headers, body } of collector.asked) {
      assert.equal(path, '/v1/traces')
      assert.equal(headers['x-tenant'], 'ours')
      for (const word of ['CANARY', 'sk_test', 'mrt_', key]) assert.ok(!body.includes(word), word)
    }
  })
})

test('a stop sends what was gathered, in protobuf where nothing else is said', async () => {
  const home = newHome()
  const collector = await startCollector()
  const served = await start('serve', ['--data', home.data], {
    ...home.env,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.address}/v1/traces`,
    OTEL_SERVICE_NAME: 'hub-of-the-test',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
  })
  const key = keyIn(served.output().stdout)
  await call(served.address, 'GET', `${integrationsPath}1/`, { key })
  assert.equal(collector.asked.length, 0)
  assert.equal(await served.stop(), exitCodes.ok)
  const [sent] = collector.asked
  assert.equal(sent?.headers['content-type'], 'application/x-protobuf')
  assert.ok(sent?.body.includes('GET /v2/integrations/:id/'))
  assert.ok(sent?.body.includes('hub-of-the-test'))
  await collector.close()
  home.remove()
})

test('a collector that is away holds up neither requests nor the stop, and is told of in the log', async () => {
  const home = newHome()
  const served = await start('serve', ['--data', home.data], {
    ...home.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_BSP_SCHEDULE_DELAY: '20',
    OTEL_EXPORTER_OTLP_TIMEOUT: '200',
  })
  const key = keyIn(served.output().stdout)
  assert.equal((await call(served.address, 'GET', `${integrationsPath}1/`, { key })).status, 200)
  await until('the log tells of it', () => served.output().stderr.includes('traces: OpenTelemetry'))
  const begunMs = performance.now()
  assert.equal(await served.stop(), exitCodes.ok)
  assert.ok(performance.now() - begunMs < 5_000)
  home.remove()
})

describe('a start is refused', () => {
  const wrong: ReadonlyArray<[Record<string, string>, RegExp]> = [
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, /OTEL_TRACES_EXPORTER=zipkin is neither otlp nor none/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, /OTEL_EXPORTER_OTLP_ENDPOINT is no address/],
    [
      { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not spoken here: set http\/protobuf or http\/json/,
    ],
  ]
  for (const [given, words] of wrong) {
    test(`where traces could not be sent: ${JSON.stringify(given)}`, async () => {
      const home = newHome()
      const { code, stderr } = await run(['serve', '--data', home.data], { env: { ...home.env, ...given } })
      assert.equal(code, exitCodes.configRefused)
      assert.match(stderr, words)
      home.remove()
    })
  }

  test('and not where they are off', async () => {
    const home = newHome()
    const off = { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere', OTEL_SDK_DISABLED: 'true' }
    const served = await start('serve', ['--data', home.data], { ...home.env, ...off })
    assert.equal(await served.stop(), exitCodes.ok)
    home.remove()
  })
})
