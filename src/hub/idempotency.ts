// Idempotency keys: a request runs once, and its repetitions get the answer of the first.
import { apiKeysOf } from '../storage/api-keys.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact } from '../storage/database.ts'
import { freelancersOf } from '../storage/freelancers.ts'
import { integrationsOf } from '../storage/integrations.ts'
import {
  type AnswerPlace,
  type StoredRow,
  storedAnswersOf,
  sweepStoredAnswers,
} from '../storage/stored-answers.ts'
import { Secret } from '../vault/secret.ts'
import type { Sealer, Vault } from '../vault/vault.ts'
import type { Caller } from './caller.ts'
import { type ErrorCode, HubError, notFound } from './errors.ts'
import type { Operations } from './operations.ts'
import { sweepAll } from './sweeping.ts'
import { type Clock, later } from './timestamp.ts'

/** How long an answer is kept. */
const keptMs = 86_400_000
/** How many answers an account may have kept at once. */
const keptMax = 100_000

/** Refusals that came of the work, and are answers like any other; the rest may be mended and sent again. */
const keptRefusals: ReadonlySet<ErrorCode> = new Set(['not_found', 'in_use', 'nothing_to_restore'])

export type StoredAnswer = { readonly status: number; readonly body: string }

export type IdempotencyNoun = 'integration' | 'freelancer' | 'connection' | 'api_key'

export type KeyedRequest = {
  readonly key: string
  /** Method and path of the route, with names where the ids stand. */
  readonly route: string
  /** What an id in the path names; null where there is none. */
  readonly target: { readonly noun: IdempotencyNoun; readonly id: string } | null
  /** Whether only the key that asked gets the answer again: it shows a secret. */
  readonly isForAskerAlone: boolean
  /** The parsed body, written in one way only. */
  readonly canonicalBody: string
}

export type Once = {
  /** Reads and judges the request; afterwards there is only the work left, which may run in a transaction. */
  prepare(): Promise<(operations: Operations) => Promise<StoredAnswer>>
  refusal(error: HubError): StoredAnswer
}

/** The answer, and whether it is that of an earlier request. */
export type Outcome = { readonly answer: StoredAnswer; readonly isReplay: boolean }

export type Idempotency = ReturnType<typeof idempotency>

export function idempotency(needs: {
  db: Db
  now: Clock
  newUid(): string
  vault: Vault
  /** @param whenCommitted takes what must not happen before the transaction is on disk */
  operationsOn(db: Db, whenCommitted: (act: () => void) => void): Operations
}) {
  const { db, now, newUid, vault, operationsOn } = needs

  async function find(
    db: Db,
    caller: Caller,
    place: AnswerPlace,
    body: string,
    sealer: Sealer,
  ): Promise<StoredAnswer | undefined> {
    const answers = storedAnswersOf(db, caller.accountId)
    const isRenamed = place.target.startsWith(unknown)
    const row = await (isRenamed ? answers.findByAskedId(place, now()) : answers.find(place, now()))
    if (!row || (isRenamed && caller.boundTo !== null && row.target !== caller.boundTo)) return undefined
    if (!sealer.matches(row.fingerprint, body)) {
      throw new HubError('idempotency_key_reused', 'This Idempotency-Key was used with a different request.')
    }
    const answer: unknown = JSON.parse(sealer.open(placeOf(row), row.sealed).reveal())
    return answer as StoredAnswer
  }

  async function keep(
    db: Db,
    caller: Caller,
    place: AnswerPlace,
    body: string,
    sealer: Sealer,
    answer: StoredAnswer,
  ): Promise<void> {
    const answers = storedAnswersOf(db, caller.accountId)
    if ((await answers.span()) >= keptMax) {
      throw new HubError('throttled', 'Too many Idempotency-Keys within a day.', { retryAfterS: 60 })
    }
    const uid = newUid()
    const sealed = sealer.seal(placeOf({ uid }), new Secret(JSON.stringify(answer)))
    const row = { uid, fingerprint: sealer.fingerprint(body), sealed }
    const at = now()
    if (!(await answers.insert(place, row, at, later(at, keptMs)))) throw new LostRace()
  }

  async function once(caller: Caller, request: KeyedRequest, { prepare, refusal }: Once): Promise<Outcome> {
    const place = await answerPlace(db, caller, request)
    const sealer = await vault.sealerOf(db, caller.accountId)
    const body = request.canonicalBody
    const earlier = await find(db, caller, place, body, sealer)
    if (earlier) return { answer: earlier, isReplay: true }
    try {
      const work = await prepare()
      const afterwards: Array<() => void> = []
      const outcome = await transact(db, caller.accountId, async (db) => {
        afterwards.length = 0
        const first = await find(db, caller, place, body, sealer)
        if (first) return { answer: first, isReplay: true }
        const answer = await work(operationsOn(db, (act) => afterwards.push(act)))
        await keep(db, caller, place, body, sealer, answer)
        return { answer, isReplay: false }
      })
      for (const act of afterwards) act()
      return outcome
    } catch (error) {
      if (error instanceof LostRace) return once(caller, request, { prepare, refusal })
      if (!(error instanceof HubError) || !keptRefusals.has(error.code)) throw error
      const answer = refusal(error)
      await transact(db, caller.accountId, (db) => keep(db, caller, place, body, sealer, answer))
      return { answer, isReplay: false }
    }
  }

  return {
    once,

    /** Removes what has expired. */
    sweep: (): Promise<void> => sweepAll(db, (db, limit) => sweepStoredAnswers(db, now(), limit)),
  }
}

/** Another node has run the same request in the meantime: its answer counts, and this one's work is undone. */
class LostRace extends Error {}

/** Stands before an id that names nothing, or nothing any more. */
const unknown = '?'
const none = '-'

/** @throws HubError not_found, for what a bound key cannot see: neither it nor an answer about it */
async function answerPlace(
  db: Db,
  caller: Caller,
  { key, route, target, isForAskerAlone }: KeyedRequest,
): Promise<AnswerPlace> {
  const asker = isForAskerAlone ? `${caller.keyUid ?? none} ` : ''
  const scope = `${caller.actingAs ?? none} ${asker}${route}`
  if (target === null) return { key, route: scope, target: none, askedId: null }
  const found = await findTarget(db, caller, target)
  if (found && caller.boundTo !== null && found.integrationUid !== caller.boundTo) throw notFound()
  return { key, route: scope, target: found?.uid ?? `${unknown}${target.id}`, askedId: target.id }
}

async function findTarget(
  db: Db,
  caller: Caller,
  { noun, id }: NonNullable<KeyedRequest['target']>,
): Promise<{ uid: string; integrationUid: string | null } | undefined> {
  switch (noun) {
    case 'freelancer':
      return freelancersOf(db, caller.accountId).find(id)
    case 'connection':
      return /^[1-9]\d{0,15}$/.test(id) ? connectionsOf(db, caller.accountId).find(Number(id)) : undefined
    case 'api_key':
      return apiKeysOf(db, caller.accountId).find(id)
    case 'integration': {
      const found = await integrationsOf(db, caller.accountId).find(id)
      return found && { uid: found.uid, integrationUid: found.uid }
    }
  }
}

function placeOf({ uid }: Pick<StoredRow, 'uid'>) {
  return { table: 'stored_answers', row: uid, field: 'answer' }
}
