// How things stand at the moment in which somebody asks: what is counted by looking, not by listening.
import { type Db, type EngineLoad, engineOf } from '../storage/database.ts'
import { countWaiting, earliestCheck } from '../storage/waiting.ts'
import type { KeyRing } from '../vault/key-ring.ts'
import type { KeySlot } from './key-slots.ts'
import type { StoreReadiness } from './readiness.ts'
import type { Clock } from './timestamp.ts'

export type Readings = {
  readonly engine: 'sqlite' | 'postgres'
  readonly load: EngineLoad
  /** Whether nothing of the store keeps requests from being answered. */
  readonly isSound: boolean
  /** Undefined where the database does not answer. */
  readonly stored: Stored | undefined
}

type Stored = {
  readonly slots: readonly KeySlot[]
  readonly rootKeys: number
  /** Deliveries that wait to be tried, now or later; no more than `waitingMax` are counted. */
  readonly waiting: number
  /** For how long the connection that has waited longest should have been checked. */
  readonly checkOverdueMs: number
}

/** Who collects metrics does not wait for long. */
const answerMs = 3_000
/** Counting so many takes some milliseconds. */
export const waitingMax = 100_000

export function readings(needs: {
  db: Db
  now: Clock
  listSlots(): Promise<KeySlot[]>
  readiness: StoreReadiness
  keyRing: Pick<KeyRing, 'rootKeys'>
}): () => Promise<Readings> {
  const { db, now, listSlots, keyRing, readiness } = needs

  async function stored(): Promise<Stored> {
    const at = now()
    const checkAt = await earliestCheck(db)
    return {
      slots: await listSlots(),
      rootKeys: keyRing.rootKeys.length,
      waiting: await countWaiting(db, waitingMax),
      checkOverdueMs: checkAt === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(checkAt)),
    }
  }

  return async () => {
    const [found, reasons] = await Promise.all([inTime(stored()), inTime(readiness.look())])
    const { engine } = engineOf(db)
    // Looked at last: by then, what was asked for above has its connections back.
    return { engine, load: engineOf(db).load(), isSound: reasons?.length === 0, stored: found }
  }
}

/** What is missing says so; everything else is wanted all the more. */
async function inTime<Result>(work: Promise<Result>): Promise<Result | undefined> {
  const limit = AbortSignal.timeout(answerMs)
  const tooLate = new Promise<undefined>((resolve) => {
    limit.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  return Promise.race([work.catch(() => undefined), tooLate])
}
