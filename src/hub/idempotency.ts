// Idempotency keys: a request runs once, and its repetitions get the answer of the first.
import { createHash } from 'node:crypto'
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
import { webhooksOf } from '../storage/webhooks.ts'
import { Secret } from '../vault/secret.ts'
import type { Vault } from '../vault/vault.ts'
import type { Caller } from './caller.ts'
import { type ErrorCode, HubError, notFound } from './errors.ts'
import type { HeldLease, Leases } from './leases.ts'
import type { Operations } from './operations.ts'
import { sweepAll } from './sweeping.ts'
import { type Clock, later } from './timestamp.ts'

/** How long an answer is kept. */
const keptMs = 86_400_000
/** How many answers an account may have kept at once. */
const keptMax = 100_000

/** Refusals that came of the work, and are answers like any other; the rest may be mended and sent again. */
const keptRefusals: ReadonlySet<ErrorCode> = new Set(['not_found', 'in_use', 'nothing_to_restore'])

/** Longer than a call outside may take. */
const outsideMs = 60_000

export type StoredAnswer = { readonly status: number; readonly body: string }

export type IdempotencyNoun = 'integration' | 'freelancer' | 'connection' | 'api_key' | 'webhook'

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
  /**
   * Reads and judges the request; afterwards there is only the work left, which may run in a transaction.
   * @param claimOutside called before anybody outside is: from then on, others with the same key are told to
   *   come back later
   */
  prepare(claimOutside: () => Promise<void>): Promise<(operations: Operations) => Promise<StoredAnswer>>
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
  leases: Leases
  /** @param whenCommitted takes what must not happen before the transaction is on disk */
  operationsOn(db: Db, whenCommitted: (act: () => void) => void): Operations
}) {
  const { db, now, newUid, vault, leases, operationsOn } = needs

  /** Where the answer to a request is kept, for who asks and for what is asked. */
  async function slotOf(caller: Caller, request: KeyedRequest) {
    const place = await answerPlace(db, caller, request)
    const isRenamed = place.target.startsWith(unknown)

    return {
      name: nameOf(place),

      async find(db: Db): Promise<StoredAnswer | undefined> {
        const answers = storedAnswersOf(db, caller.accountId)
        const row = await (isRenamed ? answers.findByAskedId(place, now()) : answers.find(place, now()))
        if (!row || (isRenamed && caller.boundTo !== null && row.target !== caller.boundTo)) return undefined
        const sealer = await vault.sealerKnowing(db, caller.accountId, [row.sealed])
        if (!sealer.matches(row.fingerprint, request.canonicalBody)) {
          throw new HubError(
            'idempotency_key_reused',
            'This Idempotency-Key was used with a different request.',
          )
        }
        const answer: unknown = JSON.parse(sealer.open(placeOf(row), row.sealed).reveal())
        return answer as StoredAnswer
      },

      async keep(db: Db, answer: StoredAnswer): Promise<void> {
        const answers = storedAnswersOf(db, caller.accountId)
        if ((await answers.span()) >= keptMax) {
          throw new HubError('throttled', 'Too many Idempotency-Keys within a day.', { retryAfterS: 60 })
        }
        const uid = newUid()
        const sealer = await vault.sealerOf(db, caller.accountId)
        const { sealed, keyId } = sealer.seal(placeOf({ uid }), new Secret(JSON.stringify(answer)))
        const fingerprint = sealer.fingerprint(request.canonicalBody)
        const row = { uid, fingerprint, sealed, key_id: keyId }
        const at = now()
        if (!(await answers.insert(place, row, at, later(at, keptMs)))) throw new LostRace()
      },
    }
  }

  type Slot = Awaited<ReturnType<typeof slotOf>>

  /** Does the work and keeps its answer, both or neither; unless another request has been quicker. */
  async function claim(
    { accountId }: Caller,
    slot: Slot,
    work: (operations: Operations) => Promise<StoredAnswer>,
  ): Promise<Outcome> {
    const afterwards: Array<() => void> = []
    const outcome = await transact(db, accountId, async (db) => {
      afterwards.length = 0
      const first = await slot.find(db)
      if (first) return { answer: first, isReplay: true }
      const answer = await work(operationsOn(db, (act) => afterwards.push(act)))
      await slot.keep(db, answer)
      return { answer, isReplay: false }
    })
    for (const act of afterwards) act()
    return outcome
  }

  /** A lease for work that cannot be undone with a transaction. */
  function outsideClaim({ accountId }: Caller, slot: Slot) {
    let held: HeldLease | undefined
    return {
      async take(): Promise<void> {
        if (held) return
        held = await leases.take({ accountId, name: `answer/${slot.name}` }, outsideMs)
        if (!held) {
          throw new HubError(
            'idempotency_in_progress',
            'The first request with this Idempotency-Key still runs.',
            { retryAfterS: 1 },
          )
        }
        // It may have ended just before.
        if (await slot.find(db)) throw new LostRace()
      },
      release: async () => held?.release(),
    }
  }

  async function once(caller: Caller, request: KeyedRequest, given: Once): Promise<Outcome> {
    try {
      const slot = await slotOf(caller, request)
      const earlier = await slot.find(db)
      if (earlier) return { answer: earlier, isReplay: true }
      const outside = outsideClaim(caller, slot)
      try {
        return await claim(caller, slot, await given.prepare(outside.take))
      } catch (error) {
        if (!(error instanceof HubError) || !keptRefusals.has(error.code)) throw error
        // What is gone may be so by the same request, which came first.
        return await claim(caller, slot, async () => given.refusal(error))
      } finally {
        await outside.release()
      }
    } catch (error) {
      if (error instanceof LostRace) return once(caller, request, given)
      throw error
    }
  }

  return {
    once,

    /** Removes what has expired. */
    sweep: (): Promise<void> =>
      sweepAll(needs, 'stored answers', (db, limit) => sweepStoredAnswers(db, now(), limit)),
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
    case 'webhook':
      return webhooksOf(db, caller.accountId).find(id)
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

/** Short, and of one kind only: what it is made of may be long. */
function nameOf({ key, route, target }: AnswerPlace): string {
  return createHash('sha256')
    .update(JSON.stringify([key, route, target]))
    .digest('base64url')
}
