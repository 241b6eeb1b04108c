// Things that repeat: one audit record per action, key, thing and minute, with a count.
import { findAccount } from '../storage/accounts.ts'
import { auditOf } from '../storage/audit.ts'
import { connectionUsesOf } from '../storage/connection-uses.ts'
import { type Db, transact } from '../storage/database.ts'
import { type AuditFacts, type AuditLog, type CountedAction, dataText } from './audit.ts'
import type { Caller } from './caller.ts'
import { jointWrites } from './joint-writes.ts'
import type { Clock, Timestamp } from './timestamp.ts'

export type AuditByMinute = {
  /**
   * Returns once the minute's record is on disk; repeats within the minute, which say the same of the same
   * thing, are counted in memory.
   */
  note(caller: Caller, action: CountedAction, things: readonly AuditFacts[]): Promise<void>
  /** Writes down what was counted since the last time, and waits for what is being written. */
  flush(): Promise<void>
}

type Entry = {
  accountId: number
  minute: string
  /** The record's number, once it is on disk. */
  written: Promise<number>
  isWritten: boolean
  more: number
  use: { connectionUid: string; keyUid: string | null } | null
  latest: Timestamp
}

type Noted = { caller: Caller; action: CountedAction; things: readonly AuditFacts[]; at: Timestamp }

/** Actions that mean a connection's secrets were had by a key, or used for it. */
const uses: ReadonlySet<CountedAction> = new Set(['connection.used', 'secrets.shown'])

export function auditByMinute(needs: { db: Db; now: Clock; auditLog: AuditLog }): AuditByMinute {
  const { db, now, auditLog } = needs
  const entries = new Map<string, Entry>()
  const writeDown = jointWrites(db, (db, noted: Noted) => write(db, auditLog, noted))

  return {
    async note(caller, action, things) {
      const at = now()
      const minute = at.slice(0, 16)
      const keyOf = (thing: AuditFacts) =>
        `${minute} ${action} ${caller.accountId} ${caller.keyUid} ${sameness(thing)}`
      const fresh: AuditFacts[] = []
      const waited: Array<Promise<number>> = []
      for (const thing of things) {
        const entry = entries.get(keyOf(thing))
        if (!entry) {
          fresh.push(thing)
          continue
        }
        entry.more++
        entry.latest = at
        if (!entry.isWritten) waited.push(entry.written)
      }
      if (fresh.length === 0 && waited.length === 0) return
      const written =
        fresh.length > 0 ? writeDown(caller.accountId, { caller, action, things: fresh, at }) : undefined
      for (const [index, thing] of fresh.entries()) {
        const connectionUid = usedConnection(action, thing)
        const entry: Entry = {
          accountId: caller.accountId,
          minute,
          written: sequenceAt(written, index),
          isWritten: false,
          more: 0,
          use: connectionUid === undefined ? null : { connectionUid, keyUid: caller.keyUid },
          latest: at,
        }
        entries.set(keyOf(thing), entry)
        entry.written.then(
          () => {
            entry.isWritten = true
          },
          // A record that could not be written is not known: the next answer tries again.
          () => entries.delete(keyOf(thing)),
        )
        waited.push(entry.written)
      }
      await Promise.all(waited)
    },

    async flush() {
      const current = now().slice(0, 16)
      const known = [...entries.values()]
      // Those that fail are told of where they were noted.
      const written = await Promise.allSettled(known.map((entry) => entry.written))
      const counted = new Map<number, Array<{ entry: Entry; more: number; sequence: number }>>()
      for (const [index, entry] of known.entries()) {
        const sequence = written[index]
        if (entry.more === 0 || sequence?.status !== 'fulfilled') continue
        const ofAccount = counted.get(entry.accountId) ?? []
        ofAccount.push({ entry, more: entry.more, sequence: sequence.value })
        counted.set(entry.accountId, ofAccount)
      }
      for (const [accountId, ofAccount] of counted) {
        await transact(db, accountId, async (db) => {
          // Of one that was deleted meanwhile there is no record any more to count on.
          if (!(await findAccount(db, accountId))) return
          for (const { entry, more, sequence } of ofAccount) {
            await auditLog.countMore(db, accountId, sequence, more)
            if (!entry.use) continue
            const { connectionUid, keyUid } = entry.use
            const use = { keyUid, lastUsedAt: entry.latest, times: more }
            await connectionUsesOf(db, accountId).note(connectionUid, use)
          }
        })
        for (const { entry, more } of ofAccount) entry.more -= more
      }
      for (const [key, entry] of entries) {
        if (entry.minute < current && entry.more === 0) entries.delete(key)
      }
    },
  }
}

/** What two things have in common that are counted on one record. */
function sameness({ subject, data }: AuditFacts): string {
  return `${subject} ${dataText(data)}`
}

function usedConnection(action: CountedAction, { subject }: AuditFacts): string | undefined {
  return uses.has(action) && subject.startsWith('connection/') ? subject.split('/')[1] : undefined
}

async function sequenceAt(written: Promise<number[]> | undefined, index: number): Promise<number> {
  const sequence = (await written)?.[index]
  if (sequence === undefined) throw new Error('An audit record was not written.')
  return sequence
}

/** A record that the minute has already, from before a restart or from another node, is counted up. */
async function write(db: Db, auditLog: AuditLog, { caller, action, things, at }: Noted): Promise<number[]> {
  const since = `${at.slice(0, 16)}:00.000000Z` as Timestamp
  const audit = auditOf(db, caller.accountId)
  const known = new Map<string, number>()
  for (const { subject, data, sequence } of await audit.findSince(action, caller.keyUid, since)) {
    known.set(`${subject} ${data}`, sequence)
  }
  const fresh = things.filter((thing) => !known.has(sameness(thing)))
  for (const thing of things) {
    const sequence = known.get(sameness(thing))
    if (sequence !== undefined) await auditLog.countMore(db, caller.accountId, sequence, 1)
  }
  const entries = fresh.map((thing) => ({ action, ...thing }))
  const written = fresh.length > 0 ? await auditLog.recordCounted(db, caller, at, entries) : []
  for (const [index, thing] of fresh.entries()) known.set(sameness(thing), written[index] ?? 0)
  for (const thing of things) {
    const connectionUid = usedConnection(action, thing)
    if (connectionUid === undefined) continue
    const use = { keyUid: caller.keyUid, lastUsedAt: at, times: 1 }
    await connectionUsesOf(db, caller.accountId).note(connectionUid, use)
  }
  return things.map((thing) => known.get(sameness(thing)) ?? 0)
}
