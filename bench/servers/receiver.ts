// A receiver of webhooks: answers 204, and tells how many came, when the last one did, and how late each was.
import { createServer } from 'node:http'

let count = 0
let lastMs = 0
let delaysMs: number[] = []

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200).end(JSON.stringify({ count, lastMs, delaysMs }))
    count = 0
    delaysMs = []
    return
  }
  const arrivedMs = Date.now()
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    response.writeHead(204).end()
    count++
    lastMs = arrivedMs
    if (request.url === '/timed') {
      const { created_at } = JSON.parse(Buffer.concat(parts).toString()) as { created_at: string }
      delaysMs.push(arrivedMs - Date.parse(created_at))
    }
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('It does not listen.')
  process.send?.({ origin: `http://127.0.0.1:${address.port}` })
})
