// What the tests of v2 share: a hub with one account, sample bodies, and requests that fetch cannot send.
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { JsonText } from '../../src/hub/json-text.ts'
import { type Answer, call, newAccount, startApi, type TestApi } from './api.ts'

export const integrationsPath = '/v2/integrations/'
export const freelancersPath = '/v2/freelancers/'

/** The members that have to be given. */
export const required = {
  name: 'Pinestreet Tech',
  email: 'albin@pinestreet.tech',
  recipient: 'Pinestreet Technology AB',
  address_line_1: 'Malmvägen 8',
  zip_code: '14171',
  city: 'Segeltorp',
} as const

export const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export const idMessage = "Enter a valid id: letters, digits, '.', '_', '~' or '-'."

export type V2 = {
  readonly api: TestApi
  readonly account: { readonly id: number; readonly key: string }
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Sends text as it stands. */
  sendText(method: string, path: string, text: string | Uint8Array, contentType?: string): Promise<Answer>
  /** Creates with the required members and those given; answers the new object's id. */
  create(path: string, given?: object): Promise<string>
  /** Hangs a connection on an integration. */
  connect(integrationId: string): Promise<number>
}

export async function startV2(options: Parameters<typeof startApi>[0] = {}): Promise<V2> {
  const api = await startApi(options)
  const account = await newAccount(api)
  const send: V2['send'] = (method, path, body, headers = {}) =>
    call(api.address, method, path, { key: account.key, body, headers })
  return {
    api,
    account,
    send,
    sendText: (method, path, text, contentType = 'application/json') =>
      send(method, path, text, { 'content-type': contentType }),
    async create(path, given = {}) {
      const { status, body, text } = await send('POST', path, { ...required, ...given })
      assert.equal(status, 201, text)
      return textOf(asObject(body).id)
    },
    async connect(integrationId) {
      const caller = api.hub.callerFor(account.id)
      const fields = new Map([['api_key', new JsonText('"mailchimp-key-us1"')]])
      const given = { integrationId, provider: 'mailchimp', title: 'Newsletter', fields }
      return (await api.hub.connections.create(caller, given)).connection.id
    },
  }
}

export function asObject(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value), `an object: ${value}`)
  return { ...value }
}

export function asObjects(value: unknown): Record<string, unknown>[] {
  assert.ok(Array.isArray(value))
  return value.map(asObject)
}

export function textOf(value: unknown): string {
  assert.ok(typeof value === 'string', `a text: ${value}`)
  return value
}

/** The objects of a list's page. */
export function resultsOf({ body }: Answer): Record<string, unknown>[] {
  const { results } = asObject(body)
  assert.ok(Array.isArray(results))
  return results.map(asObject)
}

export function idsOf(answer: Answer): unknown[] {
  return resultsOf(answer).map(({ id }) => id)
}

/** An answer that carries a code links to the page of that code: this is looked for wherever a code is expected. */
export function expectAnswer(answer: Answer, status: number, body: unknown): void {
  const isCoded = typeof body === 'object' && body !== null && 'code' in body
  const found =
    isCoded && answer.status === status ? withoutLink(answer.body, String(body.code)) : answer.body
  assert.deepEqual({ status: answer.status, body: found }, { status, body })
}

/** What an answer says, but for the link, which has to lead to the page of its code. */
export function withoutLink(body: unknown, code: string): object {
  const { doc_url, ...rest } = asObject(body)
  assert.match(String(doc_url), new RegExp(`^https?://[^ ]+/docs/errors/${code}$`))
  return rest
}

/** A request exactly as given: raw path, headers in order and as often as listed. */
export function rawRequest(
  address: string,
  method: string,
  path: string,
  options: { headers?: ReadonlyArray<readonly [string, string]>; body?: string | Uint8Array } = {},
): Promise<Answer> {
  const { headers = [], body } = options
  const { hostname, port, host } = new URL(address)
  const isNamed = headers.some(([name]) => name.toLowerCase() === 'host')
  const all = [...(isNamed ? [] : [['Host', host] as const]), ...headers]
  if (body !== undefined) all.push(['Content-Length', String(Buffer.byteLength(body))])
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: all.flat(), agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const received = new Headers()
        for (let at = 0; at < response.rawHeaders.length; at += 2) {
          received.append(response.rawHeaders[at] ?? '', response.rawHeaders[at + 1] ?? '')
        }
        const parsed: unknown = text === '' ? undefined : JSON.parse(text)
        resolve({ status: response.statusCode ?? 0, headers: received, text, body: parsed })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
