// Reading the audit trail: in windows, newest first, and whole, oldest first, for those who keep it elsewhere.
import { setImmediate as turn } from 'node:timers/promises'
import { findAccount } from '../storage/accounts.ts'
import { apiKeysOf } from '../storage/api-keys.ts'
import { type AuditCondition, auditOf, isIndexed, type NumberedAuditRow } from '../storage/audit.ts'
import { connectionsOf } from '../storage/connections.ts'
import { type Db, transact } from '../storage/database.ts'
import { freelancersOf } from '../storage/freelancers.ts'
import { integrationsOf } from '../storage/integrations.ts'
import { type AuditAction, type AuditNoun, auditNouns, type RecordAudit } from './audit.ts'
import { type Caller, installationId } from './caller.ts'
import { notFound } from './errors.ts'
import type { Clock, Timestamp } from './timestamp.ts'
import { type Window, type WindowRequest, type WindowSource, windowOf } from './window.ts'

/** One record as it may be shown; names are today's, ids those of the time. */
export type AuditRecord = {
  readonly sequence: number
  readonly at: Timestamp
  readonly action: string
  readonly subject: { readonly type: string; readonly id: string }
  /** Null for the command line. */
  readonly key: { readonly id: string; readonly name: string | null } | null
  readonly address: string | null
  readonly requestId: string | null
  readonly times: number
  /** A JSON object as text. */
  readonly data: string
}

export type AuditFilter = {
  readonly actions?: readonly AuditAction[]
  /** A thing by the id that callers know it by. */
  readonly subject?: { readonly type: AuditNoun; readonly id: string }
  readonly keyUid?: string
  readonly since?: Timestamp
  readonly until?: Timestamp
  readonly requestId?: string
}

/** What is left of an export: the records after one number, up to another. */
export type ExportRest = { readonly after: number; readonly last: number }

/** Oldest first; `rest` is null once there is no more. */
export type ExportPart = { readonly records: readonly AuditRecord[]; readonly rest: ExportRest | null }

export type AuditTrail = ReturnType<typeof auditTrail>

/** Records that are held in memory at once while all are exported. */
const exportedAtOnce = 250

export function auditTrail({ db, now, record }: { db: Db; now: Clock; record: RecordAudit }) {
  async function window(
    caller: Caller,
    condition: AuditCondition,
    request: WindowRequest,
    lastOfAll?: number,
  ): Promise<Window<AuditRecord>> {
    const audit = auditOf(db, caller.accountId)
    const source: WindowSource<NumberedAuditRow> = {
      async ends() {
        const { first, last } = await audit.ends()
        return { first, last: Math.min(last, lastOfAll ?? last) }
      },
      walks: !isIndexed(condition),
      read: (stretch, order, limit) => audit.read(stretch, condition, order, limit),
    }
    const { items, ...positions } = await windowOf(source, request)
    return { items: await recordsOf(db, caller, items), ...positions }
  }

  /** Puts the export on record. What comes from then on, that record too, is not part of it. */
  function beginExport(caller: Caller, filter: AuditFilter): Promise<ExportRest> {
    return transact(db, caller.accountId, async (db) => {
      const { last } = await auditOf(db, caller.accountId).ends()
      await record(db, caller, now(), {
        action: 'audit.exported',
        subject: `account/${await ownUid(db, caller.accountId)}`,
        data: { id: caller.accountId, filters: filterWords(filter) },
      })
      return { after: 0, last }
    })
  }

  async function part(
    caller: Caller,
    condition: AuditCondition,
    { after, last }: ExportRest,
    size: number,
  ): Promise<ExportPart> {
    const { items, newer } = await window(caller, condition, { from: { after }, size }, last)
    const rest = newer !== null && 'after' in newer ? { after: newer.after, last } : null
    return { records: items.toReversed(), rest }
  }

  return {
    /** Newest first. */
    async page(
      caller: Caller,
      { filter, ...request }: WindowRequest & { filter: AuditFilter },
    ): Promise<Window<AuditRecord>> {
      return window(caller, await conditionOf(db, caller, filter), request)
    },

    beginExport,

    exportPart: async (caller: Caller, filter: AuditFilter, rest: ExportRest, size: number) =>
      part(caller, await conditionOf(db, caller, filter), rest, size),

    /** All of it, oldest first, a few at a time: the next ones are read when they are asked for. */
    async *export(caller: Caller, filter: AuditFilter): AsyncGenerator<readonly AuditRecord[]> {
      // Found once: what the filter names may be called otherwise before the end.
      const condition = await conditionOf(db, caller, filter)
      let left: ExportRest | null = await beginExport(caller, filter)
      while (left) {
        const { records, rest }: ExportPart = await part(caller, condition, left, exportedAtOnce)
        yield records
        left = rest
        // A reader that is as fast as the store would keep everybody else waiting.
        await turn()
      }
    },
  }
}

/** @throws HubError not_found */
async function ownUid(db: Db, accountId: number): Promise<string> {
  if (accountId === installationId) return 'installation'
  const account = await findAccount(db, accountId)
  if (!account) throw notFound()
  return account.uid
}

/**
 * A thing is looked for under the id it has today, and found with all that happened to it, also under earlier
 * ids. Where nothing has the id any more, the records are meant that call it so.
 */
async function conditionOf(
  db: Db,
  caller: Caller,
  { subject, ...more }: AuditFilter,
): Promise<AuditCondition> {
  if (!subject) return more
  const { type, id } = subject
  if (auditNouns[type] === 'public') return { ...more, subject: `${type}/${id}` }
  const uid = await uidOf(db, caller, type, id)
  if (uid !== undefined) return { ...more, subject: `${type}/${uid}` }
  return { ...more, named: { noun: type, id: auditNouns[type] === 'a number' ? Number(id) : id } }
}

async function uidOf(
  db: Db,
  { accountId }: Caller,
  noun: AuditNoun,
  id: string,
): Promise<string | undefined> {
  switch (noun) {
    case 'integration':
      return (await integrationsOf(db, accountId).find(id))?.uid
    case 'freelancer':
      return (await freelancersOf(db, accountId).find(id))?.uid
    case 'connection':
      return (await connectionsOf(db, accountId).find(Number(id)))?.uid
    case 'account':
      return Number(id) === accountId ? (await findAccount(db, accountId))?.uid : undefined
    default:
      return undefined
  }
}

async function recordsOf(db: Db, caller: Caller, rows: readonly NumberedAuditRow[]): Promise<AuditRecord[]> {
  const keyUids = new Set(rows.flatMap(({ key_uid }) => key_uid ?? []))
  const names = await apiKeysOf(db, caller.accountId).names([...keyUids])
  return rows.map((row) => ({
    sequence: row.sequence,
    at: row.at,
    action: row.action,
    subject: shownSubject(row),
    key: row.key_uid === null ? null : { id: row.key_uid, name: names.get(row.key_uid) ?? null },
    address: row.address,
    requestId: row.request_id,
    times: row.times,
    data: row.data,
  }))
}

/** A uid that nobody outside knows is left out; the data has the id that was known then. */
function shownSubject({ subject, data }: NumberedAuditRow): AuditRecord['subject'] {
  const slash = subject.indexOf('/')
  const type = subject.slice(0, slash)
  const kinds: Readonly<Record<string, string>> = auditNouns
  if (kinds[type] === 'public') return { type, id: subject.slice(slash + 1) }
  const facts: unknown = JSON.parse(data)
  const hasId = typeof facts === 'object' && facts !== null && 'id' in facts
  return { type, id: hasId ? String(facts.id) : '' }
}

/** What narrows an export, in words that were judged before. */
function filterWords({ actions, subject, keyUid, since, until, requestId }: AuditFilter): string[] {
  return [
    ...(actions ? [`action in ${actions.join(', ')}`] : []),
    ...(subject ? [`subject ${subject.type}/${subject.id}`] : []),
    ...(keyUid === undefined ? [] : [`key ${keyUid}`]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(requestId === undefined ? [] : [`request_id ${requestId}`]),
  ]
}
