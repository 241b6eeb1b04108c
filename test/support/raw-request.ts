// Requests that fetch cannot make: a GET with a body, a header twice, bytes that are no proper HTTP.
import { request } from 'node:http'
import { connect } from 'node:net'

export type RawAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** A request over a connection of its own; the header list is sent as it stands, after `host`. */
export function send(
  address: string,
  method: string,
  path: string,
  options: { headers?: ReadonlyArray<readonly [string, string]>; body?: string | Uint8Array } = {},
): Promise<RawAnswer> {
  const { headers = [], body } = options
  const { hostname, port, host } = new URL(address)
  const length = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))]
  return new Promise((resolve, reject) => {
    const outgoing = request({
      hostname,
      port,
      method,
      path,
      agent: false,
      headers: ['host', host, ...length, ...headers.flat()],
    })
    outgoing.once('error', reject)
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.once('error', reject)
      incoming.once('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
          ),
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    outgoing.end(body)
  })
}

/** Bytes on a socket, which this side leaves open: what the server sent until the server closed it. */
export function exchange(address: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      received += String(chunk)
    })
    socket.once('error', reject)
    socket.once('end', () => {
      socket.destroy()
      resolve(received)
    })
    socket.write(bytes, 'latin1')
  })
}

/** `name=value` pairs as a multipart body, with its content type. */
export function multipart(pairs: Readonly<Record<string, string>>): { type: string; body: string } {
  const boundary = 'boundary-of-the-test'
  const parts = Object.entries(pairs).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return { type: `multipart/form-data; boundary=${boundary}`, body: `${parts.join('')}--${boundary}--\r\n` }
}
