// Stands before the sandbox and the receiver, since a hub that is given a sandbox calls nothing else: `Host` says who is meant.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Front = { readonly address: string; close(): Promise<void> }

/** @param named those that are asked under their own name; everybody else is the sandbox's */
export async function startFront(sandbox: string, named: readonly string[]): Promise<Front> {
  const own = new Map(named.map((address) => [new URL(address).host, address]))
  const server = createServer((asked: IncomingMessage, told: ServerResponse) => {
    const target = own.get(asked.headers.host ?? '') ?? sandbox
    const { method, url: path, rawHeaders: headers } = asked
    const { hostname, port } = new URL(target)
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      told.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(told)
    })
    onward.on('error', () => told.destroy())
    asked.on('error', () => onward.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
