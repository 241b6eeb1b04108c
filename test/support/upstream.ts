// A provider of the test's own: answers as it is told to, and keeps what it was asked.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net'

export type Asked = {
  readonly method: string
  /** As it stands in the request line. */
  readonly url: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly headers: NodeJS.Dict<string | string[]>
  body(): Promise<Buffer>
  /** Takes what was left unread. */
  resume(): void
}

export type Upstream = {
  readonly origin: string
  readonly port: number
  /** In the order they came. */
  readonly asked: Asked[]
  /** How many requests are neither answered nor broken off. */
  busy(): number
  /** Whether bodies are left unread. */
  slow(isSlow: boolean): void
  /** What it answers from now on. */
  answer(listener: RequestListener): void
  close(): Promise<void>
}

export async function startUpstream(listener: RequestListener = whenAsked): Promise<Upstream> {
  let current = listener
  const asked: Asked[] = []
  let isSlow = false
  let busy = 0
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    asked.push(askedOf(request, isSlow))
    busy++
    response.on('close', () => busy--)
    if (!isSlow) current(request, response)
  })
  server.requestTimeout = 0
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())))
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    asked,
    slow(next) {
      isSlow = next
    },
    busy: () => busy,
    answer(next) {
      current = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Hears a request out before it answers. */
export function whenAsked(request: IncomingMessage, response: ServerResponse): void {
  request.on('end', () => response.end('{}'))
}

export type RawUpstream = { readonly origin: string; open(): number; close(): Promise<void> }

/** One that speaks whatever the test has it say, once a request's headers have arrived. */
export async function startRawUpstream(speak: (socket: Socket) => void): Promise<RawUpstream> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    let received = ''
    socket.on('data', (chunk) => {
      if (received.includes('\r\n\r\n')) return
      received += chunk.toString('latin1')
      if (received.includes('\r\n\r\n')) speak(socket)
    })
  })
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())))
  })
  return {
    origin: `http://127.0.0.1:${port}`,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Counts who connects, and answers nobody. */
export async function startHoneypot(
  host: string,
): Promise<{ readonly port: number; connections(): number; close(): Promise<void> }> {
  let connections = 0
  const server = createTcpServer((socket) => {
    connections++
    socket.destroy()
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, () => resolve(portOf(server.address())))
  })
  return {
    port,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function askedOf(request: IncomingMessage, isUnread: boolean): Asked {
  const parts: Buffer[] = []
  const whole = new Promise<Buffer>((resolve, reject) => {
    if (!isUnread) request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => resolve(Buffer.concat(parts)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('It broke off.')))
  })
  whole.catch(() => undefined)
  const { method = '', url = '', rawHeaders, headers } = request
  return { method, url, rawHeaders, headers, body: () => whole, resume: () => void request.resume() }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.')
  return address.port
}
