// Answers while the store is opened: the process lives, and everything else has to wait.
import { createServer } from 'node:http'
import type { Reason } from '../hub/errors.ts'

const unavailable = {
  detail: 'The store is not open yet. Repeat the request.',
  error: 'storage_unavailable',
  code: 'storage_unavailable',
  message: 'The store is not open yet. Repeat the request.',
}

export type Starting = { close(): Promise<void> }

/** Both dialects' members are in the answer: nothing of the request is looked at but its path. */
export async function answerStarting(
  { host, port }: { host: string; port: number },
  /** What is waited for. */
  reason: () => Reason,
): Promise<Starting> {
  const server = createServer((request, response) => {
    const lives = request.url === '/healthz'
    const status = lives ? 200 : 503
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      connection: 'close',
      ...(!lives && { 'retry-after': '1' }),
    })
    response.end(JSON.stringify(lives ? { status: 'ok' } : { ...unavailable, reasons: [reason()] }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
