// HTTP as bytes on a socket, for requests that no client would send, and answers looked at as they are.
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'

export type RawAnswer = {
  readonly status: number
  /** By lower-case name; of a header given twice both values, with a comma. */
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

export type RawConnection = {
  readonly socket: Socket
  /** Text is sent byte for byte: one character, one byte. */
  send(data: string | Uint8Array): void
  /** Everything received so far, one character a byte. */
  received(): string
  /** The complete answers so far. */
  answers(): RawAnswer[]
  isClosed(): boolean
  /** Waits until a condition holds; it is looked at whenever bytes arrive, and at the close. */
  until(condition: () => boolean, withinMs?: number): Promise<void>
  /** Waits for that many answers; a connection that closes earlier is a failure. */
  take(count?: number, withinMs?: number): Promise<RawAnswer[]>
  /** Waits until the server has closed; all that it answered until then. */
  closed(withinMs?: number): Promise<RawAnswer[]>
}

/** @param options.head where answers have a length but no body, because HEAD is asked */
export async function openRaw(address: string, options: { head?: true } = {}): Promise<RawConnection> {
  const { hostname, port } = new URL(address)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const chunks: Buffer[] = []
  let isClosed = false
  const watchers = new Set<() => void>()
  const look = () => {
    for (const watcher of watchers) watcher()
  }
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    look()
  })
  // A server that hangs up while we still write resets the connection; that is an end like any other.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
    look()
  })
  const received = () => Buffer.concat(chunks).toString('latin1')
  const answers = () => parseAnswers(received(), options.head === true)

  function until(condition: () => boolean, withinMs = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        watchers.delete(watcher)
        reject(new Error(`Not within ${withinMs} ms; received: ${received().slice(0, 2000)}`))
      }, withinMs)
      const watcher = () => {
        if (!condition()) return
        watchers.delete(watcher)
        clearTimeout(timer)
        resolve()
      }
      watchers.add(watcher)
      watcher()
    })
  }

  return {
    socket,
    send: (data) => void socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
    received,
    answers,
    isClosed: () => isClosed,
    until,
    async take(count = 1, withinMs) {
      await until(() => isClosed || answers().length >= count, withinMs)
      assert.ok(answers().length >= count, `closed after: ${received().slice(0, 2000)}`)
      return answers()
    },
    async closed(withinMs) {
      await until(() => isClosed, withinMs)
      return answers()
    },
  }
}

/** Sends, takes the first answer, hangs up and waits for the end: what the server made of these bytes. */
export async function exchange(
  address: string,
  data: string | Uint8Array,
  options: { head?: true } = {},
): Promise<RawAnswer[]> {
  const connection = await openRaw(address, options)
  connection.send(data)
  await connection.until(() => connection.isClosed() || connection.answers().some((a) => a.status >= 200))
  connection.socket.end()
  return connection.closed()
}

/** The one answer to a request sent as bytes. */
export async function answerTo(
  address: string,
  data: string | Uint8Array,
  options: { head?: true } = {},
): Promise<RawAnswer> {
  const [first] = await exchange(address, data, options)
  assert.ok(first, 'closed without an answer')
  return first
}

/** A well-formed request as text; the length of the body is told unless the headers say something of it. */
export function requestText(
  method: string,
  path: string,
  options: { key?: string; headers?: readonly string[]; body?: string } = {},
): string {
  const { key, headers = [], body = '' } = options
  const isFramed = headers.some((line) => /^(content-length|transfer-encoding)/i.test(line))
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: mortise.test',
    ...(key === undefined ? [] : [`Authorization: Token ${key}`]),
    ...headers,
    ...(body === '' || isFramed ? [] : [`Content-Length: ${body.length}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

/** What every answer must have, and must not have, wherever it comes from. */
export function expectSafe(answer: { status: number; headers: RawAnswer['headers']; text: string }): void {
  const { status, headers, text } = answer
  const context = `${status} ${text.slice(0, 500)}`
  assert.equal(headers.get('x-content-type-options'), 'nosniff', context)
  if (status === 200 && headers.get('content-type')?.startsWith('text/html')) {
    expectSafePage(headers)
    return
  }
  assert.equal(headers.get('cache-control'), 'no-store', context)
  assert.equal(
    headers.get('content-security-policy'),
    "default-src 'none'; frame-ancestors 'none'",
    `content-security-policy of ${context}`,
  )
  assert.equal(headers.has('x-powered-by'), false, context)
  assert.equal(headers.has('server'), false, context)
  const json =
    status < 400
      ? /^(application\/(json|x-ndjson)|text\/plain; (version=|charset=))\b/
      : /^application\/json\b/
  if (text !== '') assert.match(headers.get('content-type') ?? '', json, context)
  if (status >= 400) {
    assert.doesNotMatch(text, /\bat \S+ \(|node_modules|node:internal|\.ts:\d|\/src\//, 'a stack or a path')
    assert.doesNotMatch(
      text,
      /sqlite|kysely|fastify|\bselect .+ from "|constraint failed/i,
      'how it is built',
    )
    // The address that links begin with is one of the test.
    const words = text.replace(/"doc_url":"https?:\/\/[\w.:]+/, '')
    assert.doesNotMatch(words, /\bFST_|\bHPE_|\bERR_[A-Z]|\bv?\d+\.\d+\.\d+\b/, 'an inner code or a version')
  }
}

/** Scripts and styles from the hub itself alone, none of them inline. */
function expectSafePage(headers: RawAnswer['headers']): void {
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; /)
  assert.match(policy, /base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/)
  assert.doesNotMatch(policy, /unsafe|http|\*/)
}

function parseAnswers(received: string, areHeads: boolean): RawAnswer[] {
  const answers: RawAnswer[] = []
  let at = 0
  for (;;) {
    const headEnd = received.indexOf('\r\n\r\n', at)
    if (headEnd < 0) return answers
    const [line = '', ...lines] = received.slice(at, headEnd).split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1])
    const headers = new Map<string, string>()
    for (const header of lines) {
      const colon = header.indexOf(':')
      const name = header.slice(0, colon).toLowerCase()
      const value = header.slice(colon + 1).trim()
      headers.set(name, headers.has(name) ? `${headers.get(name)}, ${value}` : value)
    }
    const isEmpty = areHeads || status < 200 || status === 204
    const body = isEmpty ? { text: '', end: headEnd + 4 } : bodyOf(received, headEnd + 4, headers)
    if (body === undefined) return answers
    answers.push({ status, headers, text: Buffer.from(body.text, 'latin1').toString() })
    at = body.end
  }
}

/** @returns undefined where more of it is to come */
function bodyOf(received: string, start: number, headers: RawAnswer['headers']) {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const end = start + Number(headers.get('content-length') ?? 0)
    return received.length < end ? undefined : { text: received.slice(start, end), end }
  }
  let text = ''
  for (let at = start; ; ) {
    const lineEnd = received.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(received.slice(at, lineEnd), 16)
    const next = lineEnd + 2 + size + 2
    if (received.length < next) return undefined
    if (size === 0) return { text, end: next }
    text += received.slice(lineEnd + 2, lineEnd + 2 + size)
    at = next
  }
}
