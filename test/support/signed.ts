// Signed requests: as whoever receives them reads them, and sent without the guard.
import { request } from 'node:http'
import { Readable } from 'node:stream'
import type { HeaderPairs, Incoming, Outgoing } from '../../src/outbound/send.ts'
import type { Asked } from '../../src/sandbox/stand-in.ts'

export function askedOf({ method, origin, path: target, headers, body }: Outgoing): Asked {
  const { host } = new URL(origin)
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
  const [path = '', search = ''] = target.split(/\?(.*)/s, 2)
  const header = (name: string) => headers.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1]
  const isForm = header('content-type')?.startsWith('application/x-www-form-urlencoded') === true
  return {
    method,
    host,
    target,
    path,
    query: new URLSearchParams(search),
    headers,
    header,
    body: bytes,
    form: new URLSearchParams(isForm ? bytes.toString() : ''),
    json: undefined,
  }
}

/** To this machine alone. */
export function sendPlainly({ method, origin, path, headers, body }: Outgoing): Promise<Incoming> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, headers: Object.fromEntries(headers), agent: false },
      (answer) => {
        const pairs: HeaderPairs = Object.entries(answer.headers).map(([name, value]) => [
          name,
          String(value),
        ])
        const body = Object.assign(answer, { takeWhole: () => undefined })
        resolve({ status: answer.statusCode ?? 0, headers: pairs, body })
      },
    )
    sent.on('error', reject)
    if (body instanceof Readable) body.pipe(sent)
    else sent.end(body ?? undefined)
  })
}
