// Things that repeat: one audit record per action, key, connection and minute, with a count.
import { auditOf } from '../storage/audit.ts'
import { type Db, transact } from '../storage/database.ts'
import { type AuditAction, recordAll } from './audit.ts'
import type { Caller } from './caller.ts'
import type { Clock, Timestamp } from './timestamp.ts'

type Subject = { uid: string; id: number }

export type AuditByMinute = {
  /** Returns once the minute's record is on disk; repeats within the minute are counted in memory. */
  note(caller: Caller, action: AuditAction, connections: readonly Subject[]): Promise<void>
  /** Writes down what was counted since the last time. */
  flush(): Promise<void>
}

type Entry = {
  accountId: number
  minute: string
  /** The record's number, once it is on disk. */
  written: Promise<number>
  isWritten: boolean
  more: number
}

export function auditByMinute({ db, now }: { db: Db; now: Clock }): AuditByMinute {
  const entries = new Map<string, Entry>()

  return {
    async note(caller, action, connections) {
      const at = now()
      const minute = at.slice(0, 16)
      const keyOf = ({ uid }: Subject) => `${minute} ${action} ${caller.accountId} ${caller.keyUid} ${uid}`
      const fresh: Subject[] = []
      const waited: Array<Promise<number>> = []
      for (const subject of connections) {
        const entry = entries.get(keyOf(subject))
        if (!entry) {
          fresh.push(subject)
          continue
        }
        entry.more++
        if (!entry.isWritten) waited.push(entry.written)
      }
      if (fresh.length === 0 && waited.length === 0) return
      const written = fresh.length > 0 ? write(db, caller, action, fresh, at) : undefined
      for (const [index, subject] of fresh.entries()) {
        const entry: Entry = {
          accountId: caller.accountId,
          minute,
          written: sequenceAt(written, index),
          isWritten: false,
          more: 0,
        }
        entries.set(keyOf(subject), entry)
        entry.written.then(
          () => {
            entry.isWritten = true
          },
          // A record that could not be written is not known: the next answer tries again.
          () => entries.delete(keyOf(subject)),
        )
        waited.push(entry.written)
      }
      await Promise.all(waited)
    },

    async flush() {
      const current = now().slice(0, 16)
      const counted: Array<{ entry: Entry; more: number; sequence: number }> = []
      for (const entry of entries.values()) {
        if (entry.more > 0) counted.push({ entry, more: entry.more, sequence: await entry.written })
      }
      if (counted.length > 0) {
        await transact(db, async (db) => {
          for (const { entry, more, sequence } of counted)
            await auditOf(db, entry.accountId).countMore(sequence, more)
        })
        for (const { entry, more } of counted) entry.more -= more
      }
      for (const [key, entry] of entries) {
        if (entry.minute < current && entry.more === 0) entries.delete(key)
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
function write(
  db: Db,
  caller: Caller,
  action: AuditAction,
  subjects: readonly Subject[],
  at: Timestamp,
): Promise<number[]> {
  const since = `${at.slice(0, 16)}:00.000000Z` as Timestamp
  return transact(db, async (db) => {
    const audit = auditOf(db, caller.accountId)
    const known = await audit.findSince(action, caller.keyUid, since)
    const entries = subjects.map(
      ({ uid, id }) => ({ action, subject: `connection/${uid}`, data: { id } }) as const,
    )
    const fresh = entries.filter(({ subject }) => !known.has(subject))
    const written = fresh.length > 0 ? await recordAll(db, caller, at, fresh) : []
    for (const [index, { subject }] of fresh.entries()) known.set(subject, written[index] ?? 0)
    const isFresh = new Set<string>(fresh.map(({ subject }) => subject))
    for (const { subject } of entries) {
      if (!isFresh.has(subject)) await audit.countMore(known.get(subject) ?? 0, 1)
    }
    return entries.map(({ subject }) => known.get(subject) ?? 0)
  })
}
