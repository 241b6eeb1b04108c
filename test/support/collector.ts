// A collector of traces on loopback, which speaks OTLP over HTTP: keeps what it was sent.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Collected = {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  /** As OTLP numbers them: 1 within the process, 2 a server's, 3 a client's. */
  readonly kind: number
  readonly isFailed: boolean
  readonly facts: Readonly<Record<string, string | number>>
}

export type Collector = {
  readonly address: string
  /** Of each request. */
  readonly asked: Array<{
    readonly path: string
    readonly headers: IncomingHttpHeaders
    readonly body: Buffer
  }>
  /** Of all requests in JSON. */
  spans(): Collected[]
  /** What the process says of itself. */
  resource(): Readonly<Record<string, string | number>>
  close(): Promise<void>
}

export async function startCollector(): Promise<Collector> {
  const asked: Collector['asked'] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    asked.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const resourceSpans = () =>
    asked.flatMap(({ body }) => (JSON.parse(body.toString()) as Exported).resourceSpans)
  return {
    address: `http://127.0.0.1:${port}`,
    asked,
    spans: () =>
      resourceSpans().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(collected))),
    resource: () => factsOf(resourceSpans()[0]?.resource.attributes ?? []),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Attribute = { key: string; value: { stringValue?: string; intValue?: number | string } }
type ExportedSpan = {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  kind: number
  status: { code?: number }
  attributes: Attribute[]
}
type Exported = {
  resourceSpans: Array<{
    resource: { attributes: Attribute[] }
    scopeSpans: Array<{ spans: ExportedSpan[] }>
  }>
}

function collected({
  name,
  traceId,
  spanId,
  parentSpanId,
  kind,
  status,
  attributes,
}: ExportedSpan): Collected {
  return {
    name,
    traceId,
    spanId,
    parentSpanId: parentSpanId || undefined,
    kind,
    isFailed: status.code === 2,
    facts: factsOf(attributes),
  }
}

function factsOf(attributes: readonly Attribute[]): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue ?? Number.NaN)]),
  )
}
