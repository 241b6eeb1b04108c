// Stands in for a provider: answers at once, takes what it is sent, and sends as much as it is asked for.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

const answer = Buffer.from(JSON.stringify({ object: 'balance', available: [{ amount: 0, currency: 'sek' }] }))
const part = Buffer.alloc(65_536, 'x')

function* parts(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= part.length)
    yield left < part.length ? part.subarray(0, left) : part
}

const server = createServer((request, response) => {
  const bytes = Number(/\/bytes\/(\d+)/.exec(request.url ?? '')?.[1] ?? 0)
  request.resume().once('end', () => {
    if (bytes > 0) {
      response.writeHead(200, { 'content-length': String(bytes) })
      Readable.from(parts(bytes), { objectMode: false }).pipe(response)
      return
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(answer.length) })
    response.end(answer)
  })
})
server.requestTimeout = 0
server.listen(0, '127.0.0.1', () => {
  process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
