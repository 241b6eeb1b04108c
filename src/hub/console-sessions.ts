// Sessions of the console: begun with a link that works once or with an API key, ended by time or by leaving.
import { randomBytes } from 'node:crypto'
import { apiKeysOf } from '../storage/api-keys.ts'
import {
  consoleSessionsOf,
  findLinkByDigest,
  findSessionByDigest,
  type SessionRow,
  sweepSessions,
} from '../storage/console-sessions.ts'
import { type Db, transact } from '../storage/database.ts'
import { addressMatcher } from './address-ranges.ts'
import type { Admission } from './admission.ts'
import { digestOf, type NamedApiKey, stateOf } from './api-key.ts'
import type { RecordAudit } from './audit.ts'
import { admittedCaller, type Caller, localCaller } from './caller.ts'
import { HubError } from './errors.ts'
import type { Limits } from './limits.ts'
import { proxyLimits } from './proxy-limits.ts'
import { sweepAll } from './sweeping.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'

const minuteMs = 60_000
/** How long a link that signs in can be used. */
export const linkMinutes = 30
/** A session ends when nothing was asked with it for so long… */
const idleMs = 30 * minuteMs
/** …and however busy it is, after so long. */
export const sessionMsMax = 12 * 60 * minuteMs
/** A use is written down no more often than this. */
const noteUseEveryMs = minuteMs

/** 32 random bytes. */
const tokenShape = /^[A-Za-z0-9_-]{43}$/

type From = { readonly address: string; readonly requestId: string }

/** What is shown to who is signed in. */
export type Session = {
  readonly caller: Caller
  readonly startedWith: 'link' | 'key'
  readonly endsAt: Timestamp
}

/** What the browser keeps. */
export type BegunSession = Session & { readonly token: string }

export type ConsoleSessions = ReturnType<typeof consoleSessions>

export function consoleSessions(needs: {
  db: Db
  now: Clock
  newUid(): string
  admission: Pick<Admission, 'admit'>
  limits: Limits
  record: RecordAudit
}) {
  const { db, now, newUid, admission, limits, record } = needs

  function begin(db: Db, caller: Caller, at: Timestamp): Promise<BegunSession> {
    return transact(db, caller.accountId, async (db) => {
      const token = randomBytes(32).toString('base64url')
      const uid = newUid()
      const { keyUid } = caller
      await consoleSessionsOf(db, caller.accountId).insert({
        uid,
        digest: digestOf(token),
        key_uid: keyUid,
        created_at: at,
        used_at: at,
      })
      const startedWith = keyUid === null ? 'link' : 'key'
      await record(db, caller, at, {
        action: 'session.started',
        subject: `session/${uid}`,
        data: { with: startedWith },
      })
      return { token, caller, startedWith, endsAt: later(at, sessionMsMax) }
    })
  }

  async function signInByLink(text: string, from: From): Promise<BegunSession> {
    const at = now()
    const digest = digestOf(text)
    const accountId = tokenShape.test(text) ? await findLinkByDigest(db, digest, at) : undefined
    if (accountId === undefined) throw usedLink()
    return transact(db, accountId, async (db) => {
      if (!(await consoleSessionsOf(db, accountId).takeLink(digest))) throw usedLink()
      return begin(db, linkCaller(accountId, from), at)
    })
  }

  /** @returns undefined where it is over, or its key is */
  async function callerOf(row: SessionRow, from: From, at: Timestamp): Promise<Caller | undefined> {
    if (later(row.used_at, idleMs) <= at || later(row.created_at, sessionMsMax) <= at) return undefined
    if (row.key_uid === null) return linkCaller(row.account_id, from)
    const key = await apiKeysOf(db, row.account_id).find(row.key_uid)
    return key && keyCaller(key, from, at)
  }

  async function open(token: string, from: From): Promise<{ row: SessionRow; caller: Caller }> {
    const row = tokenShape.test(token) ? await findSessionByDigest(db, digestOf(token)) : undefined
    const at = now()
    const caller = row && (await callerOf(row, from, at))
    if (!row || !caller) throw new HubError('unauthenticated', 'Your session has ended. Sign in again.')
    if (later(row.used_at, noteUseEveryMs) <= at) {
      await transact(db, row.account_id, (db) => consoleSessionsOf(db, row.account_id).noteUse(row.uid, at))
    }
    return { row, caller }
  }

  return {
    /** For the person at the command line. @returns the text of a link that signs in at this account once */
    async createLink(accountId: number): Promise<{ text: string; expiresAt: Timestamp }> {
      const text = randomBytes(32).toString('base64url')
      const expiresAt = later(now(), linkMinutes * minuteMs)
      await transact(db, accountId, (db) =>
        consoleSessionsOf(db, accountId).insertLink(digestOf(text), expiresAt),
      )
      return { text, expiresAt }
    },

    /** @throws HubError unauthenticated, throttled */
    signIn(given: { link: string } | { apiKey: string }, from: From): Promise<BegunSession> {
      return limits.signIn(from.address, async () => {
        if ('link' in given) return signInByLink(given.link, from)
        const caller = await admission.admit(given.apiKey, from)
        return begin(db, caller, now())
      })
    },

    /** In place of a key's admission. @throws HubError unauthenticated */
    admit: async (token: string, from: From): Promise<Caller> => (await open(token, from)).caller,

    async get(token: string, from: From): Promise<Session> {
      const { row, caller } = await open(token, from)
      return {
        caller,
        startedWith: row.key_uid === null ? 'link' : 'key',
        endsAt: later(row.created_at, sessionMsMax),
      }
    },

    /** From here on the cookie is worth nothing, wherever a copy of it is. */
    async end(token: string, from: From): Promise<void> {
      const { row, caller } = await open(token, from)
      await transact(db, row.account_id, async (db) => {
        if (!(await consoleSessionsOf(db, row.account_id).remove(row.uid))) return
        const entry = { action: 'session.ended', subject: `session/${row.uid}`, data: {} } as const
        await record(db, caller, now(), entry)
      })
    },

    sweep: () =>
      sweepAll({ db, now }, 'console sessions', (db, limit) => {
        const at = now()
        const over = {
          usedBefore: later(at, -idleMs),
          createdBefore: later(at, -sessionMsMax),
          linksBefore: at,
        }
        return sweepSessions(db, over, limit)
      }),
  }
}

function usedLink(): HubError {
  return new HubError(
    'unauthenticated',
    `This link was used, or is older than ${linkMinutes} minutes. Make a new one: mortise open.`,
  )
}

/** Whoever has a link had the command line, and may do what can be done there. */
function linkCaller(accountId: number, from: From): Caller {
  return admittedCaller({ ...localCaller(accountId), ...from })
}

function keyCaller(key: NamedApiKey, from: From, at: Timestamp): Caller | undefined {
  if (stateOf(key, at) !== 'active') return undefined
  if (key.addresses !== null && !addressMatcher(key.addresses)(from.address)) return undefined
  return admittedCaller({
    accountId: key.accountId,
    scopes: new Set(key.scopes),
    keyUid: key.uid,
    boundTo: key.integrationUid,
    actingAs: key.integrationUid,
    proxyLimits: proxyLimits(key.proxy),
    ...from,
  })
}
