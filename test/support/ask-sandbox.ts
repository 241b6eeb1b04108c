// Requests to a sandbox under a provider's name, as any client would send them.
import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Credential } from '../../src/catalogue/api.ts'
import { applyScheme, createSchemes } from '../../src/outbound/schemes/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { sendPlainly } from './signed.ts'

export type Told = { status: number; headers: NodeJS.Dict<string | string[]>; text: string; body: unknown }

export type Given = {
  headers?: Readonly<Record<string, string>>
  json?: unknown
  form?: Readonly<Record<string, string>>
  body?: string | Buffer
}

export type Client = {
  readonly sandbox: Sandbox
  /** Such as `ask('GET', 'https://api.stripe.com/v1/balance', …)`. */
  ask(method: string, url: string, given?: Given): Promise<Told>
  /** The same, with a credential put on as Mortise does. */
  askWith(credential: Credential, method: string, url: string, given?: Given, folder?: string): Promise<Told>
  /** Moves the clock. */
  move(ms: number): void
}

export async function startClient(options: Partial<SandboxOptions> = {}): Promise<Client> {
  let now = options.nowMs?.() ?? Date.parse('2026-05-01T10:00:00Z')
  const sandbox = await startSandbox({
    port: 0,
    slowMs: 200,
    nowMs: () => now,
    keptRequests: 100,
    ...options,
  })
  const { hostname, port } = new URL(sandbox.address)

  const send = (method: string, url: URL, headers: Record<string, string>, body: Buffer): Promise<Told> =>
    new Promise((resolve, reject) => {
      const path = `${url.pathname}${url.search}`
      const all = { host: url.host, ...headers, 'content-length': String(body.length) }
      const sent = request({ hostname, port, method, path, headers: all, agent: false }, (answer) => {
        buffer(answer).then((bytes) => {
          const text = bytes.toString()
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body: jsonIn(text) })
        }, reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })

  // Handshakes go to the sandbox too.
  const schemes = createSchemes({
    send: (outgoing) =>
      sendPlainly({
        ...outgoing,
        origin: sandbox.address,
        headers: [['host', new URL(outgoing.origin).host], ...outgoing.headers],
      }),
    nowMs: () => now,
  })

  const ask: Client['ask'] = (method, url, given = {}) => {
    const { body, type } = bodyOf(given)
    return send(method, new URL(url), { ...(type && { 'content-type': type }), ...given.headers }, body)
  }
  return {
    sandbox,
    ask,
    async askWith(credential, method, address, given = {}, folder = '') {
      const url = new URL(address)
      const { body, type } = bodyOf(given)
      const headers = Object.entries({ ...(type && { 'content-type': type }), ...given.headers })
      const path = `${url.pathname}${url.search}`
      const draft = { method, origin: url.origin, path, headers, body: body.length > 0 ? body : null }
      const signed = await applyScheme(schemes, credential, draft, { origin: url.origin, folder })
      return send(method, new URL(`${signed.origin}${signed.path}`), Object.fromEntries(signed.headers), body)
    },
    move(ms) {
      now += ms
    },
  }
}

function bodyOf({ json, form, body }: Given): { body: Buffer; type: string | undefined } {
  if (json !== undefined) return { body: Buffer.from(JSON.stringify(json)), type: 'application/json' }
  if (form) {
    return {
      body: Buffer.from(new URLSearchParams(form).toString()),
      type: 'application/x-www-form-urlencoded',
    }
  }
  return { body: Buffer.from(body ?? ''), type: undefined }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
