// Metrics on a port of their own, which asks for no key: whoever reaches it may read them, and nothing else is there.
import { createServer, type Server } from 'node:http'

export const metricsMediaType = 'text/plain; version=0.0.4; charset=utf-8'

export async function serveMetrics(
  { host, port }: { host: string; port: number },
  write: () => Promise<string>,
): Promise<Server> {
  const server = createServer({ requestTimeout: 15_000, headersTimeout: 10_000 }, (request, response) => {
    const isAsked = request.method === 'GET' || request.method === 'HEAD'
    const [path] = (request.url ?? '').split('?')
    if (path !== '/metrics' || !isAsked) {
      response.writeHead(isAsked ? 404 : 405, { 'content-type': 'text/plain' }).end('See /metrics.\n')
      return
    }
    write().then(
      (text) => {
        response.writeHead(200, { 'content-type': metricsMediaType, 'cache-control': 'no-store' })
        response.end(request.method === 'HEAD' ? undefined : text)
      },
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('See the log.\n'),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}
