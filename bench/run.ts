// Measures a retrieve side by side with a bare node:http server that returns the same bytes.
import { fork } from 'node:child_process'
import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const connections = 32
const rounds = 7
const roundMs = 2_000

type Target = { name: string; url: string; headers: Record<string, string> }

if (process.argv[2] === 'mortise') await serveMortise()
else if (process.argv[2] === 'bare') serveBare(process.argv[3] ?? '{}')
else await measure()

async function measure(): Promise<void> {
  const mortise = await startServer(['mortise'])
  const { url, key } = mortise.ready
  const headers = { authorization: `Token ${key}` }
  const body = await (await fetch(String(url), { headers })).text()
  const bare = await startServer(['bare', body])
  const targets: Target[] = [
    { name: 'bare node:http', url: String(bare.ready.url), headers },
    { name: 'Mortise, retrieve', url: String(url), headers },
  ]
  const rates = new Map<string, number[]>(targets.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) rates.get(target.name)?.push(await rateOf(target))
  }
  const base = median(rates.get('bare node:http') ?? [])
  console.log(
    `${connections} connections, ${rounds} rounds in turn of ${roundMs} ms; Node ${process.versions.node}`,
  )
  for (const [name, values] of rates) {
    const sorted = values.toSorted((a, b) => a - b)
    const spread = `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}`
    console.log(
      `${name}: ${median(values).toFixed(0)} requests/s (${spread}), ${(median(values) / base).toFixed(2)} of bare`,
    )
  }
  mortise.stop()
  bare.stop()
}

/** Requests answered with 200 in a second. */
async function rateOf({ url, headers }: Target): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const end = performance.now() + roundMs
  let answered = 0
  const worker = async () => {
    while (performance.now() < end) {
      await new Promise<void>((resolve, reject) => {
        const outgoing = httpRequest(url, { agent, headers }, (response) => {
          if (response.statusCode !== 200) reject(new Error(`status ${response.statusCode}`))
          response.resume().once('end', resolve)
        })
        outgoing.once('error', reject)
        outgoing.end()
      })
      answered++
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
  return (answered * 1000) / roundMs
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

async function startServer(args: string[]): Promise<{ ready: Record<string, unknown>; stop(): void }> {
  const child = fork(fileURLToPath(import.meta.url), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Record<string, unknown>))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  return { ready, stop: () => child.kill() }
}

/** The whole hub on a store in a folder of its own, logging to nowhere. */
async function serveMortise(): Promise<void> {
  const { startApi, newAccount } = await import('../test/support/api.ts')
  const api = await startApi({ logLevel: 'silent' })
  const { key } = await newAccount(api)
  process.send?.({ url: `${api.address}/v2/integrations/1/`, key })
}

function serveBare(body: string): void {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  const server = createServer((_, response) => response.writeHead(200, headers).end(body))
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })
  })
}
