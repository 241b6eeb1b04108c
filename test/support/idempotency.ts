// What the tests of idempotency share: requests with a key, what ran of them, and spellings of a text.
import assert from 'node:assert/strict'
import type { Answer, TestApi } from './api.ts'
import { asObject, required, textOf, type V2 } from './v2.ts'

export const named = (name: string, more: object = {}) => ({ ...required, name, ...more })

export const keyOf = (key: string, more: Record<string, string> = {}) => ({ 'idempotency-key': key, ...more })

/** An answer that came of running the request. */
export function ran(answer: Answer, status: number): Answer {
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.headers.get('idempotent-replayed'), null, `this was not to be a replay: ${answer.text}`)
  return answer
}

/** The answer of an earlier request, byte for byte. */
export function replayed(answer: Answer, first: Answer): Answer {
  assert.equal(answer.status, first.status, answer.text)
  assert.equal(answer.text, first.text)
  assert.equal(answer.headers.get('idempotent-replayed'), 'true', `this was to be a replay: ${answer.text}`)
  assert.equal(answer.headers.get('content-type'), first.headers.get('content-type'))
  return answer
}

export const reused = { detail: 'This Idempotency-Key was used with a different request.' }

export function refusedAsReused(answer: Answer): void {
  assert.equal(answer.status, 422, answer.text)
  assert.partialDeepStrictEqual(answer.body, reused)
  assert.equal(answer.headers.get('idempotent-replayed'), null)
}

export const idOf = ({ body }: Answer): string => textOf(asObject(body).id)

/** How many objects of that name an account has. */
export async function countNamed(
  { api, account }: V2,
  name: string,
  accountId = account.id,
): Promise<number> {
  const rows = await api.db
    .selectFrom('integrations')
    .select('uid')
    .where('account_id', '=', accountId)
    .where('name', '=', name)
    .execute()
  return rows.length
}

/** How often something was done, as the audit trail has it. */
export async function timesDone({ db }: TestApi, action: string): Promise<number> {
  const rows = await db.selectFrom('audit').select('times').where('action', '=', action).execute()
  return rows.length
}

export async function storedCount({ db }: TestApi, accountId: number): Promise<number> {
  const { n } = await db
    .selectFrom('stored_answers')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** The ways in which a text may stand in a file and still be there to read. */
export function spellingsOf(text: string): string[] {
  const bytes = Buffer.from(text)
  const hex = bytes.toString('hex')
  const json = JSON.stringify(text).slice(1, -1)
  const ascii = json.replaceAll(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
    // Without the characters that what stands before and behind it has a part in.
    const from = Math.ceil((shift * 8) / 6)
    return whole.toString('base64').slice(from, Math.floor((whole.length * 8) / 6))
  })
  const base64url = base64.map((part) => part.replaceAll('+', '-').replaceAll('/', '_'))
  const percent = encodeURIComponent(text)
  return [...new Set([text, json, ascii, percent, hex, hex.toUpperCase(), ...base64, ...base64url])]
}
