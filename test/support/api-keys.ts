// What the tests of API keys share: a hub, requests with any key, and keys made over HTTP.
import assert from 'node:assert/strict'
import type { Scope } from '../../src/hub/caller.ts'
import type { Timestamp } from '../../src/hub/timestamp.ts'
import { type Answer, call, newAccount, startApi, type TestApi } from './api.ts'
import { timestamp } from './sample-connections.ts'
import { asObject, textOf, withoutLink } from './v2.ts'

export const keysPath = '/v2/api_keys/'

export type Made = { readonly id: string; readonly key: string; readonly shown: Record<string, unknown> }

export type Keys = {
  readonly api: TestApi
  readonly account: { readonly id: number; readonly key: string }
  /** Today, which a test may move. */
  time: Timestamp
  send(
    method: string,
    path: string,
    body?: unknown,
    options?: { key?: string; headers?: Record<string, string> },
  ): Promise<Answer>
  /** A key that could be made; by default with the account's first key. */
  make(given?: object, key?: string): Promise<Made>
  one(id: string): Promise<Record<string, unknown>>
  /** What a request with the key is answered, without a word about what it may do. */
  works(key: string, path?: string): Promise<boolean>
}

export async function startKeys(options: Parameters<typeof startApi>[0] = {}): Promise<Keys> {
  const clock = { time: timestamp('2026-03-01T12:00:00Z') }
  const api = await startApi({ now: () => clock.time, ...options })
  const account = await newAccount(api)
  const send: Keys['send'] = (method, path, body, { key = account.key, headers = {} } = {}) =>
    call(api.address, method, path, { key, body, headers })
  const keys: Keys = {
    api,
    account,
    get time() {
      return clock.time
    },
    set time(time) {
      clock.time = time
    },
    send,
    async make(given = {}, key = account.key) {
      return madeIn(await send('POST', keysPath, { name: 'test', ...given }, { key }))
    },
    async one(id) {
      const { status, body, text } = await send('GET', `${keysPath}${id}/`)
      assert.equal(status, 200, text)
      return asObject(body)
    },
    async works(key, path = '/v2/nothing/') {
      const { status, text } = await send('GET', path, undefined, { key })
      assert.ok(status === 404 || status === 401, text)
      return status === 404
    },
  }
  return keys
}

/** The key that an answer shows with its text. */
export function madeIn({ status, body, text }: Answer): Made {
  assert.equal(status, 201, text)
  const { key, ...shown } = asObject(body)
  return { id: textOf(shown.id), key: textOf(key), shown }
}

/** Scopes that a key needs to make another one with these. */
export const grantor = (...scopes: Scope[]): { scopes: Scope[] } => ({ scopes: [...scopes, 'keys:write'] })

/** A 400 that names exactly these members. */
export function refusesMembers(answer: Answer, ...names: string[]): Record<string, unknown> {
  assert.equal(answer.status, 400, answer.text)
  const { code, ...members } = asObject(withoutLink(answer.body, 'invalid'))
  assert.deepEqual([Object.keys(members), code], [names, 'invalid'])
  return members
}
