// Stands in for all providers: a test says what is answered, and sees what was asked.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Seen = {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** `'cut'` ends the connection without a word. */
export type Said = { readonly status: number; readonly body?: unknown; readonly headers?: object } | 'cut'

export type StandIn = {
  readonly origin: string
  readonly seen: Seen[]
  answer(act: (seen: Seen) => Said | Promise<Said>): void
  close(): Promise<void>
}

export async function startStandIn(): Promise<StandIn> {
  const seen: Seen[] = []
  let answer: (seen: Seen) => Said | Promise<Said> = () => ({ status: 500 })
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    const { method = '', url: path = '', headers } = request
    const one = { method, host: headers.host ?? '', path, headers, body }
    seen.push(one)
    const said = await answer(one)
    if (said === 'cut') return void response.destroy()
    const text = typeof said.body === 'string' ? said.body : JSON.stringify(said.body ?? {})
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    answer(act) {
      answer = act
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
