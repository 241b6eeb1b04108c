// Who was shown which secrets: one audit record per key, connection and minute, with a count.
import { auditOf } from '../storage/audit.ts'
import { type Db, transact } from '../storage/database.ts'
import { record } from './audit.ts'
import type { Caller } from './caller.ts'
import type { Clock, Timestamp } from './timestamp.ts'

type Subject = { uid: string; id: number }

export type SecretsShown = {
  /** Returns once the minute's record is on disk; repeats within the minute are counted in memory. */
  note(caller: Caller, connections: readonly Subject[]): Promise<void>
  /** Writes down what was counted since the last time. */
  flush(): Promise<void>
}

type Minute = { accountId: number; minute: string; written: Promise<number>; more: number }

export function secretsShown({ db, now }: { db: Db; now: Clock }): SecretsShown {
  const minutes = new Map<string, Minute>()

  return {
    async note(caller, connections) {
      const at = now()
      const minute = at.slice(0, 16)
      const keyOf = (subject: Subject) => `${minute} ${caller.accountId} ${caller.keyUid} ${subject.uid}`
      const fresh = connections.filter((subject) => !minutes.has(keyOf(subject)))
      const written = fresh.length > 0 ? writeAll(db, caller, fresh, at) : undefined
      for (const [index, subject] of fresh.entries()) {
        const entry = { accountId: caller.accountId, minute, more: 0, written: sequenceAt(written, index) }
        minutes.set(keyOf(subject), entry)
        // A record that could not be written is not known: the next answer tries again.
        entry.written.catch(() => minutes.delete(keyOf(subject)))
      }
      const isFresh = new Set(fresh)
      for (const subject of connections) {
        const entry = minutes.get(keyOf(subject))
        if (entry && !isFresh.has(subject)) entry.more++
        await entry?.written
      }
    },

    async flush() {
      const current = now().slice(0, 16)
      for (const [key, entry] of minutes) {
        const { accountId, more } = entry
        if (more > 0) {
          await auditOf(db, accountId).countMore(await entry.written, more)
          entry.more -= more
        }
        if (entry.minute < current && entry.more === 0) minutes.delete(key)
      }
    },
  }
}

async function sequenceAt(written: Promise<number[]> | undefined, index: number): Promise<number> {
  const sequence = (await written)?.[index]
  if (sequence === undefined) throw new Error('An audit record was not written.')
  return sequence
}

/** A record that the minute has already, from before a restart or from another node, is counted up. */
function writeAll(db: Db, caller: Caller, subjects: readonly Subject[], at: Timestamp): Promise<number[]> {
  const since = `${at.slice(0, 16)}:00.000000Z` as Timestamp
  return transact(db, async (db) => {
    const audit = auditOf(db, caller.accountId)
    const sequences: number[] = []
    for (const { uid, id } of subjects) {
      const entry = { action: 'secrets.shown', subject: `connection/${uid}` } as const
      const known = await audit.findSince({ ...entry, key_uid: caller.keyUid }, since)
      if (known) await audit.countMore(known.sequence, 1)
      sequences.push(known?.sequence ?? (await record(db, caller, at, { ...entry, data: { id } })))
    }
    return sequences
  })
}
